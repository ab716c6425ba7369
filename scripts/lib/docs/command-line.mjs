/** The page of the command line, generated from the description that also parses the arguments. */

const intro = `# The command line

<!-- Made by \`npm run pages\` from the options of src/cli: change them there. -->

In the folder of the project the command is \`bin/mycelia\`; in a project of your own, \`npx --no-install mycelia\`. This page writes \`mycelia\` for both.

Results go to standard output, progress and errors to standard error. An error is one sentence that says what to do next. \`mycelia --version\` prints the version, \`mycelia <verb> --help\`
what stands here, and \`mycelia run <scenario> --help\` the parameters of that scenario as well. Run directories are made under \`runs/\`, or where the variable \`MYCELIA_RUNS\` says; a file \`.env\` in the current folder
is read first.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | something failed: a disk, a network, a script, a replay that differs |
| 2 | bad usage or bad input; nothing was made |
| 130, 143 | stopped by Ctrl-C or SIGTERM at a checkpoint |
`

/** Markdown, from the function that describes the program. */
export function commandLinePage(commandLine) {
  let said = ''
  const hear = text => {
    said += text
  }
  const program = commandLine({ out: hear, err: hear, interactive: false }, '')
  const helpOf = verb => {
    said = ''
    verb.outputHelp()
    return said
  }
  const isVerb = command => command.commands.length === 0 || command.registeredArguments.length > 0
  const verbs = program.commands.flatMap(command => [command, ...command.commands].filter(isVerb))
  const rows = verbs.map(verb => [`[\`${nameOf(verb)}\`](#${anchorOf(verb)})`, sentence(verb.summary())])
  return `${intro}\n${table(['verb', 'does'], rows)}\n${verbs.map(verb => section(verb, helpOf(verb))).join('\n')}`
}

function section(verb, help) {
  const usage = `mycelia ${nameOf(verb)} ${verb.usage()}`
  const args = verb.registeredArguments.map(argumentRow)
  const parts = [
    `## mycelia ${nameOf(verb)}`,
    `${verb.description()}`,
    `\`${usage}\``,
    args.length > 0 ? table(['argument', 'what it is'], args) : undefined,
    table(
      ['option', 'what it does'],
      verb.options.map(option => [`\`${option.flags}\``, withDefault(option)]),
    ),
    examplesOf(help),
  ]
  return `${parts
    .filter(part => part !== undefined)
    .map(part => part.trimEnd())
    .join('\n\n')}\n`
}

function argumentRow(argument) {
  const { required, variadic, description } = argument
  return [`\`${argument.name()}\`${required ? '' : ', optional'}${variadic ? ', several' : ''}`, description]
}

/** Where a description names `<a part>`, Markdown must not take it for HTML. */
function withDefault({ description, defaultValue }) {
  const text = description.replace(/</g, '&lt;')
  return defaultValue === undefined ? text : `${text} (default: ${defaultValue})`
}

/** Each example as inline code: they name files and runs that a reader may not have. */
function examplesOf(help) {
  const [, lines = ''] = /\nExamples:\n((?: {2}.*\n?)+)/.exec(help) ?? []
  const found = lines
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  return `Examples:\n\n${found.map(line => `- ${asCode(line)}`).join('\n')}`
}

/** \`command   (a remark)\`. */
function asCode(line) {
  const [command, ...remark] = line.split(/ {2,}/)
  return [`\`${command}\``, ...remark].join(' ')
}

function nameOf(verb) {
  const { parent } = verb
  return parent === null || parent.parent === null ? verb.name() : `${parent.name()} ${verb.name()}`
}

function anchorOf(verb) {
  return `mycelia ${nameOf(verb)}`.replace(/ /g, '-')
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function table(head, rows) {
  const line = cells => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
