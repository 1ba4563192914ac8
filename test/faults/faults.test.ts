import { testSeeds } from './run-faults.ts';

testSeeds(1, 100);
