/** The page of a served run: frames come over a socket of the server the page came from. */

import { render } from 'preact'
import { takeToken } from './shell/address.js'
import { App } from './shell/app.js'
import { beginTheme } from './shell/theme.js'
import { framesUrl, SocketSource } from './source/socket-source.js'

beginTheme()
const token = takeToken()

const app = document.getElementById('app')
if (app !== null) render(<App open={run => new SocketSource({ url: framesUrl(run), token })} isOwn={false} />, app)
