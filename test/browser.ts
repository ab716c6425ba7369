/** Where a Chromium is on this machine; tests in a browser are skipped where there is none. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const places = (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name)))

export const browserPath: string | undefined = places.find(path => existsSync(path))
