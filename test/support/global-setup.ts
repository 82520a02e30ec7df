import { beginCoverage } from './api-coverage.js'

export default function setUp(): void {
  beginCoverage()
}
