import { expect, it } from 'vitest';
import type { JobError } from './job.ts';
import { type MemoryKind, memoryThatRanOut } from './out-of-memory.ts';

const error = (exceptionType: string | null, message: string): JobError => ({
  nodeId: '3',
  nodeType: 'KSampler',
  exceptionType,
  message,
  traceback: [],
});

it.each<[MemoryKind | null, string | null, string]>([
  ['vram', 'torch.OutOfMemoryError', 'Allocation on device'],
  ['vram', 'torch.cuda.OutOfMemoryError', 'CUDA out of memory. Tried to allocate 2.00 GiB.'],
  ['vram', 'torch.OutOfMemoryError', 'HIP out of memory. Tried to allocate 20.00 MiB.'],
  ['vram', 'torch.OutOfMemoryError', 'XPU out of memory. Tried to allocate 8.00 GiB.'],
  ['vram', 'torch.AcceleratorError', 'CUDA error: out of memory\nSearch for `cudaErrorMemoryAllocation`'],
  ['vram', 'RuntimeError', 'CUDA out of memory. Tried to allocate 2.00 GiB'],
  ['vram', 'Exception', 'Allocation on device 0 would exceed allowed memory. (out of memory)'],
  ['vram', 'RuntimeError', 'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`'],
  [
    'vram',
    'RuntimeError',
    'Could not allocate tensor with 1073741824 bytes. There is not enough GPU video memory available!',
  ],
  ['vram', null, 'CUDA out of memory. Tried to allocate 2.00 GiB'],
  ['unified', 'RuntimeError', 'MPS backend out of memory (MPS allocated: 16.00 GB, max allowed: 18.13 GB).'],
  ['ram', 'MemoryError', 'MemoryError'],
  ['ram', 'numpy._core._exceptions._ArrayMemoryError', 'Unable to allocate 3.20 GiB for an array'],
  [
    'ram',
    'RuntimeError',
    '[enforce fail at alloc_cpu.cpp:117] data. DefaultCPUAllocator: not enough memory: you tried to allocate 67108864 bytes.',
  ],
  [
    'ram',
    'RuntimeError',
    "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.",
  ],
  ['ram', 'OSError', '[Errno 12] Cannot allocate memory'],
  ['ram', 'OSError', 'The paging file is too small for this operation to complete. (os error 1455)'],
  ['ram', 'cv2.error', "(-4:Insufficient memory) Failed to allocate 1 bytes in function 'OutOfMemoryError'"],
  [null, 'ValueError', 'Allocation of the seed failed'],
  [null, 'RuntimeError', 'CUDA error: an illegal memory access was encountered'],
  [null, 'KeyError', 'memory'],
  [null, 'MyMemoryError', 'the memory of the chat is empty'],
  [null, null, 'The server did not say what went wrong.'],
])('says that %s ran out by %s: %s', (kind, exceptionType, message) => {
  expect(memoryThatRanOut(error(exceptionType, message))).toBe(kind);
});

it('says nothing where there is no error', () => {
  expect(memoryThatRanOut(null)).toBeNull();
});
