/** A disk in memory. */
import { type MemoryDeviceStorage, memoryDeviceStorage } from '../src/storage/memory.js';
import type { Disk } from './schedule.js';

export async function memoryDisk(storage: MemoryDeviceStorage = memoryDeviceStorage()): Promise<Disk> {
  return { storage, copy: () => memoryDisk(storage.copy()), drop: async () => {} };
}
