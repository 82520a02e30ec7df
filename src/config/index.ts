export type { DatabaseLocation } from './database-location.js'
export { help } from './describe.js'
export { InvalidConfiguration, loadCommand, type Command } from './load.js'
export { defaultSettings, settingsTable, type Settings } from './table.js'
