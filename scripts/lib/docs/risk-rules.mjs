/** The page of the risk gate's rules, generated from the descriptions by which the gate judges. */

const head = `# The rules of the risk gate

<!-- Made by \`npm run pages\` from the rules in src/trading/gate: change them there. -->

Every entry of every portfolio passes these rules, from top to bottom. Each rule says the most that it allows: the smallest quantity wins, and the first refusal ends. A rule without limits
is always on; another is on where a [profile](#profiles) or a file of your own names its first limit. Where an input of a rule is missing, the rule refuses. What makes a position smaller
passes no rule of entries and no lock; stop, target and horizon pass no rule at all. How limits are chosen: [limit what a run may risk](../how-to/risk-limits.md).

- **stage**: \`signal\` rules judge what was proposed, before the portfolio's position is looked at. \`entry\` rules judge what would be ordered, after the locks in force.
- **limits**: the name in a profile, and in brackets which of two values is the stricter one.
- **beyond the limit**: the intent is refused, or made smaller, or a lock begins and refuses entries until it ends. Whether a rule that refuses or shrinks does the one or the other is a profile's choice:
  \`excess: { grossLimit: shrink }\`.
`

const stricterWords = {
  lower: 'lower',
  higher: 'higher',
  union: 'all lists together',
  intersection: 'what all lists name',
  same: 'must be the same',
}

/** The risk manager's locks: what begins each, and what ends it. */
const riskLocks = {
  drawdown: [
    'one portfolio',
    'a loss of exactly `maxDrawdown` of the highest equity, or more, at the end of a bar',
    '`riskReset`: so many bars later, or never; the highest equity is then counted from there. An operator',
  ],
  contagion: [
    'all',
    'a share of exactly `contagionPause` of the finance learners with one leading policy, or more',
    'a share below `contagionResume` for `contagionCalmBars` bars. An operator',
  ],
  operator: [
    'all',
    '`mycelia halt`; of one pair, `mycelia lock`',
    '`mycelia resume-trading`, or `mycelia unlock`; of one pair, its time or `mycelia unlock`',
  ],
  uncomputable: [
    'one portfolio',
    'a held pair without a price, so that the loss cannot be computed',
    'the price of every held pair; nothing else',
  ],
}

const accountWords = {
  maxDrawdown: 'the lock `drawdown` begins',
  targetShare: 'the position is closed, at any age',
  stopShare: 'the position is closed, at any age',
}

/** Markdown, from what `src/trading` exports. */
export function rulesPage({ houseRules, accountSpecs, limitSpecs, riskKinds, havenLimits, shippedProfiles, ...schemas }) {
  const defaults = { ...schemas.brokerSchema.parse({}), ...schemas.riskSchema.parse({}) }
  const profiles = { haven: havenLimits(defaults), ...shippedProfiles }
  return [
    head,
    '## The rules\n',
    table(
      ['code', 'stage', 'limits', 'measured in', 'at exactly the limit', 'beyond the limit', 'source'],
      houseRules.map(ruleRow),
    ),
    '## Limits of an account\n',
    'These are limits of profiles too, and no rules of entries.\n',
    table(['limit', 'bounds', 'what happens there'], Object.entries(accountSpecs).map(accountRow)),
    '## Locks that no rule begins\n',
    'HAVEN, the risk manager, begins these; a refused entry names the kind as it would name a rule.\n',
    table(
      ['kind', 'stops', 'begins with', 'is ended by'],
      riskKinds.map(kind => [`\`${kind}\``, ...riskLocks[kind]]),
    ),
    '## Profiles\n',
    profilesIntro,
    table(['limit', ...Object.keys(profiles)], profileRows(limitSpecs, profiles)),
  ].join('\n')
}

const profilesIntro = `The profiles that ship. \`haven\` is made of the parameters \`minConfidence\`, \`grossLimit\`, \`maxDrawdown\` and \`forbiddenPairs\` of a scenario; the values here are their defaults.
\`mycelia list --profiles\` shows the same on a terminal.
`

function ruleRow({ code, stage, limits, unit, boundary, source, ...rest }) {
  const named = Object.entries(limits).map(limitCell).join('<br>')
  return [`\`${code}\``, stage, named || 'always on', unit, boundary, beyond(rest), source]
}

function limitCell([name, { stricter, meaning }]) {
  return `\`${name}\` (${stricterWords[stricter]}): ${meaning}`
}

function beyond({ allows, excess, lockEnds }) {
  const lock = lockEnds === undefined ? [] : [`lock; it ends ${lockEnds}`]
  return [...(allows === undefined ? [] : [excess]), ...lock].join('; ')
}

function accountRow([name, { stricter, meaning }]) {
  return [`\`${name}\` (${stricterWords[stricter]})`, meaning, accountWords[name]]
}

/** A row for each limit that one of the profiles names, in the order of the rules. */
function profileRows(limitSpecs, profiles) {
  const all = Object.values(profiles)
  const named = Object.keys(limitSpecs).filter(name => all.some(limits => limits[name] !== undefined))
  return named.map(name => [`\`${name}\``, ...all.map(limits => valueCell(name, limits[name]))])
}

function valueCell(name, value) {
  if (value === undefined) return ''
  return name.endsWith('Ms') ? `${value} (${value / 60_000} min)` : JSON.stringify(value)
}

function table(columns, rows) {
  const line = cells => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`
  return `${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
