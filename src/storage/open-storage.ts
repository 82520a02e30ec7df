import type { DatabaseLocation } from '../config/index.js'
import type { StorageObserver } from './storage-observer.js'
import type { Storage } from './storage.port.js'

export interface OpenOptions {
  queueLimit: number
  observer?: StorageObserver
}

export interface OpenedStorage {
  storage: Storage
  /** How many units of work wait to be written. */
  queuedWrites: () => number
}

/** Opens the engine that the location names. Each is loaded only when it is used: the drivers are large. */
export async function openStorage(location: DatabaseLocation, options: OpenOptions): Promise<OpenedStorage> {
  switch (location.engine) {
    case 'memory': {
      const { MemoryStorage } = await import('./memory/memory-storage.js')
      return { storage: new MemoryStorage(), queuedWrites: () => 0 }
    }
    case 'sqlite': {
      const { SqliteStorage } = await import('./sqlite/sqlite-storage.js')
      const storage = await SqliteStorage.open({ path: location.path, ...options })
      return { storage, queuedWrites: () => storage.queuedWrites }
    }
  }
}
