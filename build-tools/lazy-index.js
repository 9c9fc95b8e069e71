// Makes the compiled entry point load each file when something of it is first used: a program pays for what it uses, and an
// absent optional peer only matters to those who touch what needs it. Runs after jsii.
const fs = require('node:fs');

const [file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
// the getters are as the compiler writes them: node finds the names for `import { App }` by their form
const names = replaced(text, /^var (\w+) = (require\("[^"]+"\));$/gm, 'var $1 = new Proxy({}, { get: (_, name) => $2[name] });');
const submodules = replaced(names, /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm, `var $1_submodule = { get $1() { return $2; } };
Object.defineProperty(exports, "$1", { enumerable: true, get: function () { return $1_submodule.$1; } });`);
fs.writeFileSync(file, submodules);

function replaced(before, pattern, by) {
  const after = before.replace(pattern, by);
  if (after === before) throw new Error(`${file}: nothing like ${pattern}; has the compiler's output changed?`);
  return after;
}
