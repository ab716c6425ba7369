/** The kinds of panels, by name: a new one is one file and one line here. */

import type { PanelDescription } from '../../src/view/index.js'
import { Candles } from './candles.js'
import { Gauge } from './gauge.js'
import { Heatmap } from './heatmap.js'
import { Histogram } from './histogram.js'
import { Lines } from './lines.js'
import { Network } from './network.js'
import type { PanelComponent } from './panel.js'
import { Scatter } from './scatter.js'
import { Table } from './table.js'
import { Text } from './text.js'
import { Timeline } from './timeline.js'
import { Waterfall } from './waterfall.js'

export const kinds: Readonly<Record<PanelDescription['kind'], PanelComponent>> = {
  candles: Candles,
  gauge: Gauge,
  heatmap: Heatmap,
  histogram: Histogram,
  lines: Lines,
  network: Network,
  scatter: Scatter,
  table: Table,
  text: Text,
  timeline: Timeline,
  waterfall: Waterfall,
}
