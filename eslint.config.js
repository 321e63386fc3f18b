import { defineConfig, globalIgnores } from 'eslint/config'
import rxjsX from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/.tsbuild/',
    '**/coverage/',
    '**/reports/',
    '**/.stryker-tmp/',
    '**/.runtimes/',
    '**/.turbo/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, rxjsX.configs.recommended],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['**/*.{ts,js,mjs}'],
    rules: {
      eqeqeq: 'error',
      // Types and vitest accept more specifiers than Node resolves: only these two run everywhere.
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^fp-ts(?!/lib/[A-Za-z]+\\.js$)',
              message: 'Write fp-ts/lib/<Module>.js: Node resolves nothing else.',
            },
            { regex: '^io-ts.', message: 'Write io-ts: its folders differ between resolvers.' },
          ],
        },
      ],
    },
  },
)
