/** In the browser: puts a living chart in the place of its picture. */

import { parse, type Spec, View } from 'vega'
import { Handler } from 'vega-tooltip'

export function draw(id: string, specification: Spec): void {
  const place = document.getElementById(id)
  if (place === null) return
  place.replaceChildren()
  const view = new View(parse(specification), { container: place, renderer: 'canvas', hover: true, tooltip: new Handler().call })
  void view.runAsync()
}
