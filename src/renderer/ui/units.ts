import { createContext, useContext } from 'react';
import type { ByteUnits } from '../../domain/text/format.ts';

/** The units that sizes are shown in, everywhere on the page. */
export const UnitsContext = createContext<ByteUnits>('binary');

export function useUnits(): ByteUnits {
  return useContext(UnitsContext);
}
