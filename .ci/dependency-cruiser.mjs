import { fileURLToPath } from 'node:url'

// protocol <- net <- sluice; testing looks at protocol and net; only tests look at testing.
const sources = '^packages/[^/]+/src/'

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'Every import finds its file or package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'protocol-looks-at-nobody',
      severity: 'error',
      from: { path: '^packages/protocol/src/' },
      to: { path: '^packages/(?!protocol/)' },
    },
    {
      name: 'protocol-is-pure',
      comment: 'No I/O, no timers, no RxJS.',
      severity: 'error',
      from: { path: '^packages/protocol/src/' },
      to: {
        path: '(^|/)rxjs(/|$)|^(node:)?(child_process|dgram|dns|fs|http2?|https|net|timers|tls|worker_threads)(/|$)',
      },
    },
    {
      name: 'net-looks-at-protocol',
      severity: 'error',
      from: { path: '^packages/net/src/' },
      to: { path: '^packages/(?!(net|protocol)/)' },
    },
    {
      name: 'testing-looks-at-protocol-and-net',
      severity: 'error',
      from: { path: '^packages/testing/src/' },
      to: { path: '^packages/(?!(testing|protocol|net)/)' },
    },
    {
      name: 'sluice-looks-at-protocol-and-net',
      severity: 'error',
      from: { path: '^packages/sluice/src/' },
      to: { path: '^packages/(?!(sluice|protocol|net)/)' },
    },
    {
      name: 'only-tests-look-at-testing',
      severity: 'error',
      from: { path: '^(packages|examples|docs|bench)/', pathNot: '^packages/testing/|/test/|\\.test(-d)?\\.ts$' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'sources-look-at-no-test',
      severity: 'error',
      from: { path: `${sources}|^examples/`, pathNot: '\\.test(-d)?\\.ts$' },
      to: { path: '/test/|\\.test(-d)?\\.ts$|^examples/.*\\.test' },
    },
    {
      name: 'packages-meet-at-the-front-door',
      comment: 'Another package is imported by its name, never by a path into its sources.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples/[^/]+)/' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^$1/', '^packages/[^/]+/src/index\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|examples)/[^/]+/(dist|\\.tsbuild|\\.turbo|coverage)/' },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: fileURLToPath(new URL('./cruise-aliases.mjs', import.meta.url)) },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
}
