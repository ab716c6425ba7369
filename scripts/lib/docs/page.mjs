/** The frame around every page of the documentation site: head, navigation, and the page's own text. */
import { posix } from 'node:path'

/** The navigation, as readers go through it. */
const sections = [
  [
    '',
    [
      ['index.html', 'Mycelia'],
      ['tutorial.html', 'Tutorial'],
      ['concepts.html', 'Concepts and glossary'],
      ['coming-from-mesa.html', 'Coming from Mesa'],
      ['coming-from-netlogo.html', 'Coming from NetLogo'],
    ],
  ],
  [
    'How to',
    [
      ['how-to/spaces.html', 'Spaces'],
      ['how-to/scheduling.html', 'Scheduling'],
      ['how-to/events.html', 'Events'],
      ['how-to/messages.html', 'Messages and requests'],
      ['how-to/randomness.html', 'Randomness'],
      ['how-to/collecting.html', 'Collecting'],
      ['how-to/checkpoints.html', 'Checkpoints'],
      ['how-to/your-own-strategy.html', 'Your own strategy'],
      ['how-to/risk-limits.html', 'Limit what a run may risk'],
      ['how-to/your-own-rule.html', 'Your own rule'],
      ['how-to/read-a-decision.html', 'Read a decision'],
      ['how-to/venues.html', 'Orders and venues'],
      ['how-to/snapshots.html', 'Snapshots'],
      ['how-to/tokens-live.html', 'Launched tokens on paper'],
      ['how-to/candle-files.html', 'Candle files'],
      ['how-to/instruments.html', 'Any instrument'],
      ['how-to/synthetic-market.html', 'A made market'],
    ],
  ],
  ['Run', [['going-live.html', 'Going live']]],
  [
    'Reference',
    [
      ['command-line.html', 'Command line'],
      ['api/index.html', 'API'],
      ['outputs.html', 'Outputs'],
      ['reference/risk-rules.html', 'Rules of the risk gate'],
      ['models/index.html', 'Standard models'],
      ['benchmarks.html', 'Benchmarks'],
      ['results/index.html', 'Results'],
      ['promises.html', 'Promises'],
      ['decisions/index.html', 'Decisions'],
    ],
  ],
]

export function pageHtml({ title, address, body }) {
  const to = target => posix.relative(posix.dirname(address), target) || posix.basename(target)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}${title === 'Mycelia' ? '' : ' · Mycelia'}</title>
<link rel="stylesheet" href="${to('style.css')}">
</head>
<body data-root="${to('index.html').replace(/index\.html$/, '')}">
<nav>
<div class="search" role="search">
<input type="search" placeholder="Search (press /)" aria-label="Search" autocomplete="off">
<ol hidden></ol>
</div>
${sections.map(section => sectionHtml(section, address, to)).join('\n')}
</nav>
<main>
${body}</main>
<script src="${to('search-sections.js')}"></script>
<script src="${to('site.js')}"></script>
</body>
</html>
`
}

/** The first heading of a page. */
export function titleOf(text, path) {
  return /^# (.+)$/m.exec(text)?.[1].replace(/[`*]/g, '') ?? path
}

function sectionHtml([heading, links], address, to) {
  const items = links.map(([target, name]) => {
    const here =
      target === address ||
      (posix.dirname(target) !== '.' && target.endsWith('/index.html') && address.startsWith(posix.dirname(target)))
    return `<li><a href="${to(target)}"${here ? ' aria-current="page"' : ''}>${escapeHtml(name)}</a></li>`
  })
  return `${heading && `<h2>${heading}</h2>\n`}<ul>\n${items.join('\n')}\n</ul>`
}

export function escapeHtml(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
