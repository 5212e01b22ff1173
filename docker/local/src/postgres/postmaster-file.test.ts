import { describe, expect, it } from 'vitest';
import { parsePostmasterFile } from './postmaster-file.js';

const lines = ['4711', '/data', '1795400000', '4005', '', '127.0.0.1', '   1 2', 'ready   ', ''];

describe('parsePostmasterFile', () => {
  it.each([
    ['a server that is ready', lines, { pid: 4711, port: 4005, status: 'ready' }],
    ['one on its way down', lines.with(7, 'stopping'), { pid: 4711, port: 4005, status: 'stopping' }],
    ['one on its way up', lines.with(7, 'starting'), { pid: 4711, port: 4005, status: 'starting' }],
    ['one that has not said how it stands', lines.slice(0, 6), { pid: 4711, port: 4005, status: 'starting' }],
    ['a file that is being written', ['4711'], undefined],
    ['an empty file', [''], undefined],
    ['nonsense', ['x', 'y', 'z', 'w'], undefined],
  ])('%s', (_name, text, expected) => {
    expect(parsePostmasterFile(text.join('\n'))).toEqual(expected);
  });
});
