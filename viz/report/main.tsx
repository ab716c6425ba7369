/** The report: of a finished run from the frame in its own page, of a run that goes on from the server the page came from. */

import { render } from 'preact'
import { takeToken } from '../shell/address.js'
import { Run } from '../shell/run.js'
import { beginTheme } from '../shell/theme.js'
import { framesUrl, SocketSource } from '../source/socket-source.js'
import { EmbeddedSource } from './embedded-source.js'
import { ReportPage } from './report-page.js'

const held = document.getElementById('frame')?.textContent
const source = held ? EmbeddedSource.of(held) : Promise.resolve(new SocketSource({ url: framesUrl('a'), token: takeToken() }))

beginTheme()
void source.then(opened => {
  const app = document.getElementById('app')
  if (app === null) return
  // The plain page, for readers without scripts, stood here.
  app.replaceChildren()
  render(<ReportPage run={new Run('a', opened, sentence => console.warn(sentence))} />, app)
})
