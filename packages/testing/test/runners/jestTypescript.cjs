// Jest compiles the sources as they are, our packages by name, nothing built.
const ts = require('typescript')

exports.process = (text, fileName) => ({
  code: ts.transpileModule(text, {
    fileName,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText,
})
