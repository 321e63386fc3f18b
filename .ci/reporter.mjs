// A vitest reporter. The last line of the run is the totals, alone: `N passed, N failed`;
// the one before it says how many were skipped, if any. A file or a suite that breaks outside of its tests
// (it does not load, a hook throws) is one failure; so is an error that no test caught.
export default class Totals {
  #line = '0 passed, 1 failed'

  onInit() {
    process.once('exit', () => process.stdout.write(`${this.#line}\n`))
  }

  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        // A test still pending at the end never came to its verdict.
        count[state === 'pending' ? 'failed' : state]++
      }
    }
    if (modules.length === 0 && count.failed === 0) count.failed = 1
    const skipped = count.skipped > 0 ? `${count.skipped} skipped: their titles say why\n` : ''
    this.#line = `${skipped}${count.passed} passed, ${count.failed} failed`
  }
}
