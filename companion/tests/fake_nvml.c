/* A stand-in for NVIDIA's management library: the functions that the companion calls, with figures that tests set.
   NO_… leaves out functions, as older drivers do; NO_INIT lets none be answered before nvmlInit. */
#include <stdint.h>
#include <string.h>

typedef unsigned long long u64;
typedef struct {
  char name[64], uuid[64];
  unsigned bus, load, temperature, limit, power, power_limit, fan, core, memory_clock, mig, whole;
  unsigned slices, slice_compute, slice_gpu, slice_mb;
  u64 total, used, reserved, reasons, own;
  unsigned pid, others, graphics_only;
  int lost, refused_mask;
} Gpu;

/* refused_mask: which figures this GPU does not support */
enum { FAN = 1, POWER = 2, LIMIT = 4, MEMORY_V2 = 8, PROCESSES = 16, MEMORY = 32, LOAD = 64 };

Gpu fake_gpus[16];
unsigned fake_count;
int fake_init_error, fake_call_error, fake_running, fake_inits;

#define GPU Gpu *gpu = device
#define ASK(bit) \
  if (!fake_running) return 1; \
  if (fake_call_error) return fake_call_error; \
  if (gpu->lost) return 15; \
  if (gpu->refused_mask & (bit)) return 3;

int nvmlInit_v2(void) { fake_inits++; if (fake_init_error) return fake_init_error; fake_running++; return 0; }
int nvmlInitWithFlags(unsigned flags) { return flags ? 2 : nvmlInit_v2(); } /* what nvidia-ml-py calls */
int nvmlShutdown(void) { if (!fake_running) return 1; fake_running--; return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { if (!fake_running) return 1; *count = fake_count; return fake_call_error; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  if (!fake_running) return 1;
  if (index >= fake_count) return 2;
  if (fake_gpus[index].lost) return 15;
  *device = &fake_gpus[index];
  return 0;
}
int nvmlDeviceGetName(void *device, char *name, unsigned size) { GPU; ASK(0) strncpy(name, gpu->name, size); return 0; }
int nvmlDeviceGetUUID(void *device, char *uuid, unsigned size) { GPU; ASK(0) strncpy(uuid, gpu->uuid, size); return 0; }
typedef struct { char legacy[16]; unsigned domain, bus, device, id, subsystem; char address[32]; } Pci;
int nvmlDeviceGetPciInfo_v3(void *device, Pci *pci) {
  GPU; ASK(0)
  memset(pci, 0, sizeof *pci);
  pci->bus = gpu->bus;
  strcpy(pci->address, "00000000:00:00.0");
  return 0;
}
int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) { GPU; ASK(LOAD) rates[0] = gpu->load; rates[1] = 5; return 0; }
#ifndef NO_MEMORY_V2
typedef struct { unsigned version; u64 total, reserved, free, used; } MemoryV2;
int nvmlDeviceGetMemoryInfo_v2(void *device, MemoryV2 *memory) {
  GPU; ASK(MEMORY_V2 | MEMORY)
  if (memory->version != (sizeof *memory | 2 << 24)) return 25;
  memory->total = gpu->total; memory->used = gpu->used; memory->reserved = gpu->reserved;
  memory->free = gpu->total - gpu->used - gpu->reserved;
  return 0;
}
#endif
int nvmlDeviceGetMemoryInfo(void *device, u64 *memory) {
  GPU; ASK(MEMORY)
  memory[0] = gpu->total; memory[2] = gpu->used + gpu->reserved; memory[1] = memory[0] - memory[2];
  return 0;
}
typedef struct { unsigned pid; u64 memory; unsigned instance, compute; } Process;
static int processes(Gpu *gpu, unsigned *count, Process *list, int is_there) {
  unsigned needed = is_there ? gpu->others + (gpu->pid != 0) : 0, room = *count;
  *count = needed;
  if (needed > room) return 7;
  for (unsigned i = 0; i < needed; i++) list[i] = (Process){ .pid = 4000000 + i, .memory = 1000 };
  if (needed && gpu->pid) list[needed - 1] = (Process){ .pid = gpu->pid, .memory = gpu->own };
  return 0;
}
#ifdef OLD_PROCESSES
int nvmlDeviceGetComputeRunningProcesses(void *device, unsigned *count, u64 *list) {
  GPU; ASK(PROCESSES)
  *count = 1; list[0] = gpu->pid; list[1] = gpu->own;
  return 0;
}
#else
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, Process *list) {
  GPU; ASK(PROCESSES) return processes(gpu, count, list, !gpu->graphics_only);
}
int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, unsigned *count, Process *list) {
  GPU; ASK(PROCESSES) return processes(gpu, count, list, gpu->graphics_only);
}
#endif
#ifdef NEW_TEMPERATURE
typedef struct { unsigned version, sensor; int temperature; } Temperature;
int nvmlDeviceGetTemperatureV(void *device, Temperature *answer) {
  GPU; ASK(0)
  if (answer->version != (sizeof *answer | 1 << 24)) return 25;
  answer->temperature = gpu->temperature;
  return 0;
}
#else
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *value) { GPU; ASK(0) *value = gpu->temperature; return sensor ? 2 : 0; }
#endif
int nvmlDeviceGetTemperatureThreshold(void *device, int kind, unsigned *value) { GPU; ASK(LIMIT) *value = gpu->limit; return kind == 1 ? 0 : 2; }
int nvmlDeviceGetPowerUsage(void *device, unsigned *value) { GPU; ASK(POWER) *value = gpu->power; return 0; }
#ifndef NO_POWER_LIMIT
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *value) { GPU; ASK(POWER) *value = gpu->power_limit; return 0; }
#endif
int nvmlDeviceGetFanSpeed(void *device, unsigned *value) { GPU; ASK(FAN) *value = gpu->fan; return 0; }
int nvmlDeviceGetClockInfo(void *device, int kind, unsigned *value) { GPU; ASK(0) *value = kind == 2 ? gpu->memory_clock : gpu->core; return 0; }
#ifdef OLD_REASONS
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, u64 *value) { GPU; ASK(0) *value = gpu->reasons; return 0; }
#else
int nvmlDeviceGetCurrentClocksEventReasons(void *device, u64 *value) { GPU; ASK(0) *value = gpu->reasons; return 0; }
#endif
#ifndef NO_MIG
int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) {
  GPU; ASK(0)
  if (!gpu->mig) return 3;
  *current = *pending = gpu->mig == 1;
  return 0;
}
int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *count) { GPU; ASK(0) *count = 7; return 0; }
/* The slices of a GPU are the entries 8, 9, … of the list of GPUs. */
int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **slice) {
  GPU; ASK(0)
  if (index >= gpu->slices) return 6;
  *slice = &fake_gpus[8 + index];
  return 0;
}
typedef struct { unsigned multi, copy, decode, encode, jpeg, ofa, gpu, compute; u64 mb; } Attributes;
int nvmlDeviceGetAttributes_v2(void *device, Attributes *answer) {
  GPU; ASK(0)
  answer->gpu = gpu->slice_gpu; answer->compute = gpu->slice_compute; answer->mb = gpu->slice_mb;
  return 0;
}
#endif
