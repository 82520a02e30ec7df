import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes the folder in which the tests leave which documented answers they have seen. */
export default function setUp() {
  process.env.CONCORDAT_API_COVERAGE = mkdtempSync(join(tmpdir(), 'concordat-api-'))
}
