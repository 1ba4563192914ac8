import { testSeeds } from './run-faults.ts';

// A file of its own has a process of its own.
testSeeds(101, 200);
