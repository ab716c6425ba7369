/** The page of a served run: frames come over a socket of the server the page came from. */

import { render } from 'preact'
import { takeToken } from './shell/address.js'
import { App } from './shell/app.js'
import { beginTheme } from './shell/theme.js'
import { SocketSource } from './source/socket-source.js'

beginTheme()
const token = takeToken()

function open(run: 'a' | 'b'): SocketSource {
  const url = new URL(run === 'a' ? 'frames' : `frames?run=${run}`, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return new SocketSource({ url: url.href, token })
}

const app = document.getElementById('app')
if (app !== null) render(<App open={open} isOwn={false} />, app)
