/** `mycelia`: the door to the framework, which runs anywhere: Node, a worker, a browser. Market work enters by `mycelia/market`. */

// agents: sets of them, and models
export { Agent, AgentFailure, AgentSet, Model, ReporterFailure, runOf } from './model/index.js'
export type { AgentClass, AgentClasses, AgentModel, Member, PopulationView, Quarantined, RunView } from './model/index.js'
export type { FieldValues, Selection } from './model/index.js'

// activations: the order in which the agents of a set take their turns
export { byProperty, byType, fraction, inOrder, shuffled, simultaneous, staged } from './scheduler/index.js'
export type { Activation } from './model/index.js'
export type { Activatable, ActivationOf, StageOf, Steppable } from './scheduler/index.js'

// scenarios: parameters, what is collected, how it is drawn
export { defineScenario, rowsOf, z } from './model/index.js'
export type { AgentReporters, AgentStyle, Collect, NoOccasion, Occasion, OfType, Reporter, Reporters } from './model/index.js'
export type { Scenario, ScenarioOptions, TopicRows, View } from './model/index.js'

// panels: what a viewer shows beside the agents
export type { CandleMark, CandlesData, CandlesPanel, GaugePanel, HeatmapData, HeatmapPanel, NetworkNode } from './model/index.js'
export type { HistogramPanel, WaterfallData, WaterfallPanel, LinesPanel, MessageCount, NetworkData } from './model/index.js'
export type { NetworkEdge, RowOrder, NetworkPanel, Panel, PanelBase, PanelContext, ReadPanel } from './model/index.js'
export type { ScatterData, ScatterPanel, TableRow, TablePanel, TextData, TextPanel, TimelineData } from './model/index.js'
export type { TimelineEvent, TimelinePanel } from './model/index.js'

// running: a run, and what it is connected to: inputs, answers, rows
export { resume, simulate } from './model/index.js'
export type { AnswerInput, CheckLooking, Request, RequestHandler, ResumeOptions, RunOptions, Answerable } from './model/index.js'
export type { CellOf, EventArguments, GivenParameters, InputRow, ParameterMove, RowsOf, Seen } from './model/index.js'
export type { SimulateOptions, Simulation, Sink, TableName, Tables, TablesOf, Unknowns, Part, Repetition } from './model/index.js'
export type { ReportersIn, RowOf, Slowest, Source, SourceTick, TickInput, WaitingRequests } from './model/index.js'

// statistics: and the tables that runs collect
export { gini } from './model/index.js'
export type { Cell, CellTypes, Column, ColumnDescription, ColumnType, OfSubject, ReadColumn, Holds, Row } from './core/index.js'
export type { Table } from './core/index.js'

// spaces: grids, the plane, layers of values
export { HexGrid, Layer, Plane, SquareGrid } from './space/index.js'
export type { CellNumber, GridPathOptions, NodeNumber, Path, CellSpace, CellSpaceOptions, Grid } from './space/index.js'
export type { GridOptions, Lattice, LayerArray, LayerGrid, LayerOptions, Occupancy, Placeable } from './space/index.js'
export type { PlaneOptions, Space, SquareGridOptions, SquareNeighbors, Torus } from './space/index.js'

// networks: and the graphs they are made of
export { groupedGraph, Network, parseEdgeList, randomGraph, scaleFree, smallWorld } from './space/index.js'
export type { Attributes, Edge, EdgeWeight, GeneratedGraph, Graph, LinkedNetwork, Links, NamedGraph } from './space/index.js'
export type { NeighborQueries, NetworkOptions, NetworkPathOptions } from './space/index.js'

// messages: topics, and who hears them
export { topic } from './bus/index.js'
export type { Behaviour, Family, Fields, Handler, Known, NumberShape, OfMessage, Range, Scope, Shape } from './bus/index.js'
export type { SharedTopicOptions, Tap, Topic, TopicOptions } from './bus/index.js'

// chance and errors: mathematics that every engine rounds alike, and what else signatures name
export { BrokenInvariant, math, MyceliaError, NotSaveable, OperatorError, Stream, TransientError } from './core/index.js'
export type { Explanation, PortableMath, Rng, Root, Saveable, TimeMs } from './core/index.js'
