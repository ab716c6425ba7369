/** Where the world stands on the picture: picture = world · scale + (x, y), in the picture's pixels. */

export interface Camera {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** The whole world, in the middle. */
export function fitted(world: { width: number; height: number }, width: number, height: number, margin: number): Camera {
  const room = (size: number) => Math.max(1, size - 2 * margin)
  const scale = Math.min(room(width) / world.width, room(height) / world.height)
  return { scale, x: (width - scale * world.width) / 2, y: (height - scale * world.height) / 2 }
}

/** Nearer or farther, about a point of the picture that stays where it is. */
export function zoomed(camera: Camera, factor: number, px: number, py: number, least: number, most: number): Camera {
  const scale = Math.max(least, Math.min(most, camera.scale * factor))
  const by = scale / camera.scale
  return { scale, x: px - (px - camera.x) * by, y: py - (py - camera.y) * by }
}

/** Shifted by so many pixels, but never so far that the world leaves the picture. */
export function panned(
  camera: Camera,
  dx: number,
  dy: number,
  world: { width: number; height: number },
  width: number,
  height: number,
): Camera {
  const held = (at: number, size: number, extent: number) => Math.max(Math.min(at, size - 40), 40 - camera.scale * extent)
  return { scale: camera.scale, x: held(camera.x + dx, width, world.width), y: held(camera.y + dy, height, world.height) }
}
