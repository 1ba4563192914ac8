import type { JobError } from './job.ts';

/** The memory that ran out: that of the GPU, that of the computer, or one that both share (Apple). */
export type MemoryKind = 'vram' | 'ram' | 'unified';

/** What says so stands at the beginning of a message. Characters. */
const looked = 2_000;

/** As PyTorch, what it computes with, NumPy, OpenCV and the systems say it; nodes may pass on only the text. */
const signs: readonly { kind: MemoryKind; type?: RegExp; message?: RegExp }[] = [
  { kind: 'unified', message: /\bMPS backend out of memory\b/i },
  { kind: 'ram', type: /^(cv2\.error)$/, message: /\bInsufficient memory\b|\bOutOfMemoryError\b/ },
  { kind: 'vram', type: /(^|\.)OutOfMemoryError$/ },
  {
    kind: 'vram',
    message:
      /\b(CUDA|HIP|XPU|CUDNN|CUBLAS|GPU|ROCm|SYCL|Vulkan|DirectML)( error)?:? out of memory\b|\b(cuda|hip)Error(OutOf)?Memory(Allocation)?\b|\b(CUBLAS|HIPBLAS|ROCBLAS|CUDNN)_STATUS_ALLOC_FAILED\b|\bUR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY\b/i,
  },
  {
    kind: 'vram',
    message: /^Allocation on device\b|\bran out of memory on your GPU\b|\bnot enough GPU video memory\b/i,
  },
  { kind: 'ram', type: /(^|\.)(_Array)?MemoryError$/ },
  {
    kind: 'ram',
    message:
      /\bnot enough memory: you tried to allocate\b|\bcan(no|')t allocate memory\b|\bpaging file is too small\b|\bos error 1455\b/i,
  },
];

/** Which memory a prompt failed for want of; null if that was not why, as far as the error says. */
export function memoryThatRanOut(error: JobError | null): MemoryKind | null {
  if (!error) return null;
  const type = error.exceptionType ?? '';
  const message = error.message.slice(0, looked);
  const sign = signs.find(
    (candidate) =>
      (candidate.type === undefined || candidate.type.test(type)) &&
      (candidate.message === undefined || candidate.message.test(message)),
  );
  return sign?.kind ?? null;
}
