/** Writes the one model this project ships as ONNX: a table and the operation that takes a row of it for each word. */

/** An ONNX model of one `Gather`: `input_ids` [batch × words] → `last_hidden_state` [batch × words × width]. */
export function gatherModel(table: Float32Array, width: number): Uint8Array {
  const words = table.length / width
  const tensor = message(number(1, words), number(1, width), number(2, float), text(8, 'table'), bytes(9, littleEndian(table)))
  const node = message(text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(3, 'embed'), text(4, 'Gather'))
  const graph = message(
    bytes(1, node),
    text(2, 'trade-sentence'),
    bytes(5, tensor),
    bytes(11, valueInfo('input_ids', int64, ['batch', 'words'])),
    bytes(12, valueInfo('last_hidden_state', float, ['batch', 'words', width])),
  )
  // IR version 8 with operator set 13, which every runtime of the last years reads.
  return message(number(1, 8), text(2, 'mycelia'), bytes(7, graph), bytes(8, number(2, 13)))
}

/** Element types of ONNX. */
const float = 1
const int64 = 7

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Uint8Array {
  const dimensions = shape.map(size => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size)))
  const tensorType = message(number(1, type), bytes(2, message(...dimensions)))
  return message(text(1, name), bytes(2, bytes(1, tensorType)))
}

/** Fields of a protobuf message: the number of the field with its kind (0 a number, 2 bytes with their length), then the value. */
function number(field: number, value: number): Uint8Array {
  return message(varint(field * 8), varint(value))
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(varint(field * 8 + 2), varint(value.length), value)
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value))
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const found: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) found.push((value % 128) + 128)
  return Uint8Array.from([...found, value])
}

function message(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function littleEndian(table: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(table.length * 4))
  for (let i = 0; i < table.length; i++) view.setFloat32(i * 4, table[i] as number, true)
  return new Uint8Array(view.buffer)
}
