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
export type { Scenario } from './model/index.js'
export type { ScenarioOptions, TopicRows, View } from './model/index.js'

// panels: what a viewer shows beside the agents
export type { CandleMark, CandlesData, CandlesPanel, GaugePanel, HeatmapData } from './model/index.js'
export type { HeatmapPanel, NetworkNode } from './model/index.js'
export type { HistogramPanel, WaterfallData, WaterfallPanel } from './model/index.js'
export type { LinesPanel, MessageCount, NetworkData, NetworkEdge, RowOrder } from './model/index.js'
export type { NetworkPanel, Panel, PanelBase, PanelContext, ReadPanel, ScatterData, ScatterPanel } from './model/index.js'
export type { TableRow, TablePanel, TextData, TextPanel, TimelineData, TimelineEvent, TimelinePanel } from './model/index.js'

// running: a run, and what it is connected to: inputs, answers, rows
export { resume, simulate } from './model/index.js'
export type { AnswerInput, CheckLooking, Request, RequestHandler, ResumeOptions, RunOptions } from './model/index.js'
export type { Answerable, CellOf, EventArguments, GivenParameters, InputRow, ParameterMove } from './model/index.js'
export type { RowsOf, Seen, SimulateOptions, Simulation, Sink, TableName, Tables, TablesOf, Unknowns } from './model/index.js'
export type { Part, Repetition, ReportersIn, RowOf, Slowest } from './model/index.js'
export type { Source, SourceTick, TickInput, WaitingRequests } from './model/index.js'

// statistics: and the tables that runs collect
export { gini } from './model/index.js'
export type { Cell, CellTypes, Column, ColumnDescription, ColumnType, OfSubject, ReadColumn } from './core/index.js'
export type { Holds, Row, Table } from './core/index.js'

// spaces: grids, the plane, layers of values
export { HexGrid, Layer, Plane, SquareGrid } from './space/index.js'
export type { CellNumber, GridPathOptions, NodeNumber, Path } from './space/index.js'
export type { CellSpace, CellSpaceOptions, Grid, GridOptions, Lattice, LayerArray, LayerGrid } from './space/index.js'
export type { LayerOptions, Occupancy, Placeable, PlaneOptions, Space, SquareGridOptions } from './space/index.js'
export type { SquareNeighbors, Torus } from './space/index.js'

// networks: and the graphs they are made of
export { groupedGraph, Network, parseEdgeList, randomGraph, scaleFree, smallWorld } from './space/index.js'
export type { Attributes, Edge, EdgeWeight, GeneratedGraph, Graph, Links, NamedGraph } from './space/index.js'
export type { NeighborQueries, NetworkOptions, NetworkPathOptions } from './space/index.js'

// messages: topics, and who hears them
export { topic } from './bus/index.js'
export type { Behaviour, Family, Fields, Handler, Known, NumberShape, OfMessage, Range, Scope, Shape } from './bus/index.js'
export type { SharedTopicOptions, Tap, Topic } from './bus/index.js'
export type { TopicOptions } from './bus/index.js'

// chance and errors: mathematics that every engine rounds alike, and what else signatures name
export { BrokenInvariant, math, MyceliaError, NotSaveable, OperatorError, Stream, TransientError } from './core/index.js'
export type { Explanation, PortableMath, Rng, Root, Saveable, TimeMs } from './core/index.js'
