/** GeoJSON (RFC 7946) taken apart into areas, lines and points, in the coordinates that it has. */

import { OperatorError } from '../core/index.js'

type Position = readonly number[]

type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'MultiPoint' | 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString' | 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly Geometry[] }

interface Feature {
  readonly geometry: Geometry | null
  readonly properties: Readonly<Record<string, unknown>> | null
}

/** What a feature is like. */
export type MapProperties = Readonly<Record<string, string | number | boolean>>

interface Part<C> {
  readonly at: C
  readonly properties: MapProperties
}

/** The simple geometries of a map: those made of several are taken apart, and share their properties. */
export interface MapParts {
  /** The outer ring of each, then its holes. */
  readonly polygons: Part<readonly (readonly Position[])[]>[]
  readonly lines: Part<readonly Position[]>[]
  readonly points: Part<Position>[]
}

/** Takes GeoJSON apart, as text or parsed. */
export function partsOf(given: unknown): MapParts {
  const parts: MapParts = { polygons: [], lines: [], points: [] }
  const map = typeof given === 'string' ? parsed(given) : given
  for (const { geometry, properties } of featuresOf(map)) if (geometry !== null) add(parts, geometry, plain(properties ?? {}))
  return parts
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new OperatorError({ what: `The text of a map: ${(cause as Error).message}`, expected: 'GeoJSON' })
  }
}

function featuresOf(map: unknown): readonly Feature[] {
  const { type } = (map ?? {}) as { type?: unknown }
  if (type === 'FeatureCollection') return (map as { readonly features: readonly Feature[] }).features
  if (type === 'Feature') return [map as Feature]
  if (typeof type === 'string' && geometries.has(type)) return [{ geometry: map as Geometry, properties: null }]
  throw new OperatorError({ what: 'A map', expected: 'GeoJSON: a FeatureCollection, a Feature or a geometry', got: type ?? map })
}

const geometries = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
])

function add(parts: MapParts, geometry: Geometry, properties: MapProperties): void {
  if (geometry.type === 'GeometryCollection') for (const one of geometry.geometries) add(parts, one, properties)
  else if (geometry.type === 'Polygon') parts.polygons.push({ at: geometry.coordinates, properties })
  else if (geometry.type === 'MultiPolygon') for (const at of geometry.coordinates) parts.polygons.push({ at, properties })
  else if (geometry.type === 'LineString') parts.lines.push({ at: geometry.coordinates, properties })
  else if (geometry.type === 'MultiLineString') for (const at of geometry.coordinates) parts.lines.push({ at, properties })
  else if (geometry.type === 'Point') parts.points.push({ at: geometry.coordinates, properties })
  else if (geometry.type === 'MultiPoint') for (const at of geometry.coordinates) parts.points.push({ at, properties })
  else
    throw new OperatorError({
      what: 'A geometry of a map',
      expected: [...geometries].join(', '),
      got: (geometry as { type: unknown }).type,
    })
}

/** Values that are neither numbers, texts nor truth values are left out. */
function plain(properties: Readonly<Record<string, unknown>>): MapProperties {
  const kept = Object.entries(properties).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  return Object.fromEntries(kept) as MapProperties
}
