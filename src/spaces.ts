/** `mycelia/spaces`: the door to what spaces can do with libraries' help: measures of networks, files of graphs, geography. Runs anywhere. */

export type {
  Area,
  GeographyOptions,
  MapPoint,
  MapProperties,
  PlanePoint,
  PointsOptions,
  RoadLine,
  Route,
} from './geography/index.js'
// geography: areas, roads and places of a map, in projected coordinates
export { Geography } from './geography/index.js'
export type { Communities, GraphFormat, NetworkMeasures, WeightOption, WriteGraphOptions } from './graphs/index.js'
// networks: how central nodes are, what falls apart, what belongs together; graphs in files
export { measures, readGraph, writeGraph } from './graphs/index.js'
