/** Where a Chromium is on this machine; tests in a browser are skipped where there is none. */
import { browserPath as found } from '../bench/view/browser-path.js'

export const browserPath: string | undefined = found()
