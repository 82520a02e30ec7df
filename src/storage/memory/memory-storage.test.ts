import { storageContract } from '../storage.contract.js'
import { MemoryStorage } from './memory-storage.js'

storageContract('in-memory', { open: () => Promise.resolve(new MemoryStorage()) })
