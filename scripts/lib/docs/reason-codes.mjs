/** The tables of reason codes in a page, between `<!-- codes -->` and `<!-- end of codes -->`, from the catalogue that also tells the stories. */

/** The page with its tables made again; `trading` is the module of src/trading. */
export function withReasonCodes(page, trading) {
  const [before, rest = ''] = page.split('<!-- codes -->\n')
  const [, after = ''] = rest.split('<!-- end of codes -->')
  return `${before}<!-- codes -->\n${tables(trading)}<!-- end of codes -->${after}`
}

function tables({ houseRules, riskKinds, answerReasons, actionWords, refusalReasons, cancelWords, exitWords }) {
  const said = code => refusalReasons[code]?.says ?? ''
  const rules = houseRules.map(({ code, unit, boundary }) => [code, said(code), unit, boundary])
  const known = new Set(houseRules.map(({ code }) => code))
  const locks = riskKinds.filter(code => !known.has(code)).map(code => [code, said(code)])
  const answers = Object.keys(answerReasons).map(code => [code, said(code)])
  return [
    ['### What a portfolio did', ['outcome', 'what it means'], Object.entries(actionWords)],
    ['### Rules of the gate', ['code', 'why nothing was done', 'measures', 'at exactly the limit'], rules],
    ['### Locks that no rule of the gate begins', ['code', 'why nothing was done'], locks],
    ['### The portfolio itself', ['code', 'why nothing was done'], answers],
    ['### Why an order was cancelled', ['`orders.reason`', 'what it means'], Object.entries(cancelWords)],
    ['### Why a position was closed', ['`trades.reason`', 'what it means'], Object.entries(exitWords)],
  ]
    .map(([title, head, rows]) => `\n${title}\n\n${table(head, rows)}`)
    .join('')
    .concat('\n')
}

function table(head, rows) {
  const line = cells => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`
  const body = rows.map(([code, ...cells]) => line([`\`${code}\``, ...cells]))
  return `${[line(head), line(head.map(() => '---')), ...body].join('\n')}\n`
}
