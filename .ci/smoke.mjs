// Runs on Node, Bun and Deno against the built packages; exits non-zero if anything is amiss.
const sluice = await import('../packages/sluice/dist/index.js')

console.log(`imports sluice (${Object.keys(sluice).length} exports)`)
