/** The top of a report: what ran, with which parameters, what came of it, and how to make it again. */

import { useState } from 'preact/hooks'
import type { ReportHead } from '../../src/report/index.js'

export function Head({ head }: { head: ReportHead }) {
  const { kind, name, status, parameters, story, failure, facts, again } = head
  return (
    <header id="top">
      <p class="quiet">{kind}</p>
      <h1>
        {name} {status !== null && <span class="state failed">{status}</span>}
      </h1>
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {story.map((sentence, i) => (
        <p key={sentence} class={i === 0 ? 'story' : 'quiet'}>
          {sentence}
        </p>
      ))}
      {failure !== null && (
        <div class="failure" role="alert">
          <h2>{failure.what}</h2>
          <p>
            <code>{failure.message}</code>
          </p>
          {failure.calls.length > 1 && <pre>{failure.calls.join('\n')}</pre>}
          <p>{failure.next}</p>
        </div>
      )}
      <dl class="facts">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {again.map(([what, line]) => (
        <Line key={line} what={what} line={line} />
      ))}
    </header>
  )
}

/** Few stand in the page; of many the rest opens. */
function Parameters({ parameters }: Pick<ReportHead, 'parameters'>) {
  const list = (
    <dl class="facts">
      {parameters.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
  if (parameters.length <= 12) return list
  return (
    <details>
      <summary>{parameters.length} parameters</summary>
      {list}
    </details>
  )
}

/** A line for the shell, to be copied. */
function Line({ what, line }: { what: string; line: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(line).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <p class="shell-line">
      <span class="quiet">{what}</span> <code>{line}</code>{' '}
      {navigator.clipboard !== undefined && (
        <button type="button" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </p>
  )
}
