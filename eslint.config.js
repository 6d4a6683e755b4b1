import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** Promises must be awaited or given up on purpose, switches must be whole, and nothing may be `any`. */
const typeAware = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  // Numbers read well inside a text; objects do not.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  // A handler may be async because its contract is, with nothing to await yet.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // A text is spread into its code points, which is how names and ID numbers are counted and masked.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // Said once more, an argument's type explains; and a reader of rows is told their shape by its caller.
  '@typescript-eslint/no-unnecessary-type-arguments': 'off',
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Control characters are what some of our checks look for.
  'no-control-regex': 'off',
};

const namedExports = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has another name at each import.',
};
const everyTestRuns = [
  {
    selector:
      'MemberExpression[object.name=/^(test|it|describe|suite|bench)$/][property.name=/^(skip|only|todo|fixme|skipIf|runIf|fails)$/]',
    message: 'Every test runs: mend it or take it out.',
  },
  {
    selector: 'MemberExpression[object.property.name=/^(each|describe)$/][property.name=/^(skip|only|fixme)$/]',
    message: 'Every test runs: mend it or take it out.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'Every test runs: mend it or take it out.',
  },
];

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts', 'renderer/**/*.vue', 'build/**/*.mjs', 'build/electron-loader/*.js'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        // One program for the whole repository: each room is compiled behind its own wall by tsc, not here.
        project: 'build/tsconfig.lint.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: { ...typeAware, 'no-restricted-syntax': ['error', namedExports, ...everyTestRuns] },
  },
  {
    // Composables hand out their functions to be taken apart: `const { t } = useI18n()`.
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['renderer/**/*.vue'] })),
  {
    files: ['renderer/**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'no-restricted-syntax': ['error', ...everyTestRuns],
      // Only vue-tsc can tell what a component imported from another .vue file is; here its type is unknown.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Vue gives an absent boolean prop the value false by its type; saying so is no error.
      '@typescript-eslint/no-useless-default-assignment': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  {
    // It mounts the root component, the type of which only vue-tsc knows.
    files: ['renderer/main.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    // Formatting is prettier's alone.
    files: ['renderer/**/*.vue'],
    rules: Object.fromEntries(
      [
        'array-bracket-newline',
        'attributes-order',
        'first-attribute-linebreak',
        'html-closing-bracket-newline',
        'html-closing-bracket-spacing',
        'html-end-tags',
        'html-indent',
        'html-quotes',
        'html-self-closing',
        'max-attributes-per-line',
        'multiline-html-element-content-newline',
        'mustache-interpolation-spacing',
        'no-multi-spaces',
        'no-spaces-around-equal-signs-in-attribute',
        'singleline-html-element-content-newline',
      ].map((name) => [`vue/${name}`, 'off']),
    ),
  },
  {
    // Tools read these files' default export.
    files: ['build/vite/*.mjs', '*.config.ts', '*.config.js', 'renderer/env.d.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everyTestRuns] },
  },
  {
    // Names that do not exist are the compiler's to find; it knows each room's globals.
    rules: { 'no-undef': 'off' },
  },
);
