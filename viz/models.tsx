/** The static page: a list of models, and the one that its address names, which runs in a worker of the page. */

import { render } from 'preact'
import type { Clock } from '../src/view/index.js'
import { modelList } from './model-list.js'
import { shownBy } from './shell/address.js'
import { App } from './shell/app.js'
import { beginTheme } from './shell/theme.js'
import { WorkerSource } from './source/worker-source.js'
import './models.css'

function ModelList() {
  return (
    <main class="models">
      <h1>Models</h1>
      <p>Each runs in this page, without a server.</p>
      <ul>
        {modelList.map(({ name, title, about }) => (
          <li key={name}>
            <a href={`?scenario=${name}`}>{title}</a>
            <p>{about}</p>
          </li>
        ))}
      </ul>
    </main>
  )
}

function open(model: string, run: 'a' | 'b'): WorkerSource {
  const source = new WorkerSource({ model })
  if (run === 'a') source.listen(() => tell(source))
  return source
}

/** For programs that read the page: the step that is shown, and its digest while the run stands still. */
function tell({ parts }: WorkerSource): void {
  const { step, digest } = (parts.json('clock') as Clock | undefined) ?? {}
  Object.assign(document.documentElement.dataset, { step: step ?? '', digest: digest ?? '' })
}

beginTheme()
const app = document.getElementById('app')
const { scenario } = shownBy(location.search)
if (app !== null) render(scenario === undefined ? <ModelList /> : <App open={run => open(scenario, run)} isOwn />, app)
