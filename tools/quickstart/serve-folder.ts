import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

/** Serves the files directly in a folder, on 127.0.0.1: `serve-folder.ts FOLDER PORT`. */
const [folder = '.', port = '0'] = process.argv.slice(2);

createServer((request, response) => {
  const file = join(folder, basename(new URL(request.url ?? '/', 'http://localhost').pathname));
  const size = statSync(file, { throwIfNoEntry: false })?.isFile() === true ? statSync(file).size : undefined;
  if (size === undefined) {
    response.writeHead(404).end('there is no such file\n');
    return;
  }
  response.writeHead(200, { 'content-length': size });
  createReadStream(file).pipe(response);
}).listen(Number(port), '127.0.0.1');
