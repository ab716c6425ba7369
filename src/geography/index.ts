/** `geography/`: a map in projected coordinates: areas, lines and points of GeoJSON, points of a table, ways along roads. */

export { type Area, Geography, type GeographyOptions, type MapPoint, type RoadLine } from './geography.js'
export type { MapProperties } from './geojson.js'
export type { PointsOptions } from './points.js'
export type { Route } from './route.js'
export type { PlanePoint } from './segments.js'
