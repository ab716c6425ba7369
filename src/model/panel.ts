/** Panels: what a viewer shows beside the agents, declared by a scenario. Types alone; `view/` reads them, a viewer draws them. */

import type { Cell, Row } from '../core/index.js'
import type { Model } from './model.js'

/** What every panel says. Its functions only look; a run itself never calls them. */
export interface PanelBase {
  /** One sentence for the reader: what is seen, and how to read it. */
  about?: string
  /** Unit of the values, such as `USD`. */
  unit?: string
  /** The tab it stands in; default: the model's own. */
  tab?: string
}

/** What a panel’s function is given: the model, the viewer's choice, and rows the run has collected. */
export interface PanelContext<M extends Model> {
  readonly model: M
  /** What the viewer chose among the panel's `choices`; the first of them by default, and empty where there are none. */
  readonly choice: string
  /** The newest collected rows of a table, oldest first; empty where the run collects no such table. */
  rows(table: string): readonly Row[]
  /** Messages published since the look before; none at the first look that asks, because counting begins with it. */
  heard(): readonly MessageCount[]
  /** Agents stopped by the model's rule. */
  readonly quarantined: readonly { readonly agent: string; readonly step: number; readonly reason: string }[]
  /** What the run counts: messages on its bus, and requests to the world outside. */
  readonly counters: { readonly [name: string]: number | Readonly<Record<string, number>> }
}

/** How often one agent published on one topic. */
export interface MessageCount {
  /** Its id; 0: the model or the world outside. */
  readonly from: number
  /** The topic; of a family's member, its family. */
  readonly topic: string
  readonly count: number
}

/** A panel that is looked at anew for each frame. */
export interface ReadPanel<M extends Model, D> extends PanelBase {
  look(context: PanelContext<M>): D
  /** What the viewer may choose between, such as pairs. */
  choices?(model: M): readonly string[]
}

/** Lines over the steps: columns of the table `model`, or values read at the end of each step. */
export interface LinesPanel<M extends Model> extends PanelBase {
  kind: 'lines'
  columns?: readonly string[]
  series?: Readonly<Record<string, (model: M) => number | null>>
  log?: boolean
}

/** How often values fall into each bin. */
export interface HistogramPanel<M extends Model> extends ReadPanel<M, ArrayLike<number>> {
  kind: 'histogram'
  bins?: number
}

/** Points of two values each. */
export interface ScatterPanel<M extends Model> extends ReadPanel<M, ScatterData> {
  kind: 'scatter'
  xLabel: string
  yLabel: string
}

/** Columns of equal length, a point each. */
export interface ScatterData {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Indices of `groups`, a point each. */
  readonly group?: ArrayLike<number>
  readonly groups?: readonly string[]
  readonly labels?: readonly string[]
}

/** A matrix of values, by colour. */
export interface HeatmapPanel<M extends Model> extends ReadPanel<M, HeatmapData> {
  kind: 'heatmap'
  min?: number
  max?: number
}

/** Rows and columns by name, and a value where they cross. */
export interface HeatmapData {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Row by row; NaN is left blank. */
  readonly values: ArrayLike<number>
}

/** Rows of cells. */
export interface TablePanel<M extends Model> extends ReadPanel<M, readonly TableRow[]> {
  kind: 'table'
  /** The columns, in order; default: those of the first row. */
  columns?: readonly string[]
  /** What stands in the table's place while it has no rows. */
  empty?: string
}

/** A row: its cells by column, and the lines that open below it on a click. */
export interface TableRow {
  readonly cells: Readonly<Record<string, Cell>>
  readonly detail?: readonly string[]
  /** What an operator may order about it, behind a button of the row. */
  readonly order?: RowOrder
}

/** An order of an operator, offered where what it is about stands. */
export interface RowOrder {
  /** On the button: `Close`. */
  readonly label: string
  /** What will happen, for whoever confirms it. */
  readonly says: string
  /** The order itself, as the command `operate` takes it. */
  readonly order: Readonly<Record<string, unknown>>
}

/** Nodes and edges that are no space of the model. */
export interface NetworkPanel<M extends Model> extends ReadPanel<M, NetworkData> {
  kind: 'network'
}

/** The nodes, and edges between their ids. */
export interface NetworkData {
  readonly nodes: readonly NetworkNode[]
  readonly edges: readonly NetworkEdge[]
}

/** One node, by its id. */
export interface NetworkNode {
  readonly id: string
  readonly label?: string
  /** Nodes of a group stand together and have one colour. */
  readonly group?: string
  /** A colour of its own, such as `#0072b2`; default: its group's. */
  readonly color?: string
  /** 0 to 1: how brightly it is lit. */
  readonly heat?: number
  readonly detail?: readonly string[]
}

/** One edge, from one node’s id to another’s. */
export interface NetworkEdge {
  readonly from: string
  readonly to: string
  /** 0 to 1: how brightly it is lit. */
  readonly heat?: number
  readonly label?: string
}

/** Candles of one choice, with marks. */
export interface CandlesPanel<M extends Model> extends ReadPanel<M, CandlesData> {
  kind: 'candles'
}

/** Columns of equal length, oldest first; times in ms. */
export interface CandlesData {
  readonly time: ArrayLike<number>
  readonly open: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly low: ArrayLike<number>
  readonly close: ArrayLike<number>
  readonly volume?: ArrayLike<number>
  readonly marks?: readonly CandleMark[]
}

/** Something that happened at an instant; a click shows its detail. */
export interface CandleMark {
  readonly time: number
  /** The level it belongs to; default: the candle. */
  readonly price?: number
  readonly shape: 'up' | 'down' | 'dot' | 'cross'
  /** Marks of a group have one colour and one switch in the legend. */
  readonly group: string
  readonly label: string
  readonly detail: readonly string[]
}

/** Events on lanes over time. */
export interface TimelinePanel<M extends Model> extends ReadPanel<M, TimelineData> {
  kind: 'timeline'
}

/** Lanes by name, top to bottom, and the events on them. */
export interface TimelineData {
  readonly lanes: readonly string[]
  readonly events: readonly TimelineEvent[]
}

/** Something that happened on a lane, at an instant or until another; times in ms. */
export interface TimelineEvent {
  readonly lane: string
  readonly time: number
  /** Default: an instant. */
  readonly until?: number
  readonly group: string
  readonly label: string
  readonly detail: readonly string[]
}

/** One value on a scale. */
export interface GaugePanel<M extends Model> extends ReadPanel<M, number | null> {
  kind: 'gauge'
  min: number
  max: number
  /** From here on it is a warning; where a parameter says from where, a function of the model. */
  warnAt?: number | ((model: M) => number)
}

/** Sentences, and figures with their names. */
export interface TextPanel<M extends Model> extends ReadPanel<M, TextData> {
  kind: 'text'
}

/** Sentences, then figures by name. */
export interface TextData {
  readonly lines?: readonly string[]
  readonly figures?: Readonly<Record<string, Cell>>
}

/** Amounts that add up, in order. */
export interface WaterfallPanel<M extends Model> extends ReadPanel<M, WaterfallData> {
  kind: 'waterfall'
}

/** Amounts by name; those in `totals` stand on zero, and every other one goes on from where the last ended. */
export interface WaterfallData {
  readonly names: readonly string[]
  readonly values: ArrayLike<number>
  readonly totals?: readonly string[]
}

/** One panel; a viewer has one file for each kind. */
export type Panel<M extends Model = Model> =
  | LinesPanel<M>
  | HistogramPanel<M>
  | ScatterPanel<M>
  | HeatmapPanel<M>
  | TablePanel<M>
  | NetworkPanel<M>
  | CandlesPanel<M>
  | TimelinePanel<M>
  | GaugePanel<M>
  | TextPanel<M>
  | WaterfallPanel<M>
