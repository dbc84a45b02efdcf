// Parses workflow and action files with GitHub's own parser: `node parse.mjs ROOT FILE...`; prints errors as JSON.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { basename, join } from "node:path";

// The parser imports JSON without saying so, as bundlers like it; Node wants to be told.
const hook = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
const { convertActionTemplate } = await import("@actions/workflow-parser/actions/action-template");

const [root, ...files] = process.argv.slice(2);
const trace = new NoOperationTraceWriter();
// A reusable workflow of this repository is read from here, whatever the version behind its name.
const provider = {
  getFileContent: async (reference) => ({
    name: reference.path,
    content: readFileSync(join(root, ".github", "workflows", basename(reference.path)), "utf8"),
  }),
};
const found = {};
for (const file of files) {
  const content = readFileSync(file, "utf8");
  const isAction = basename(file) === "action.yml";
  const parsed = isAction ? parseAction({ name: file, content }, trace) : parseWorkflow({ name: file, content }, trace);
  const errors = () => parsed.context.errors.getErrors().map((error) => error.message);
  let jobs = [];
  if (parsed.value && errors().length === 0) {
    if (isAction) {
      convertActionTemplate(parsed.context, parsed.value);
    } else {
      const options = { fetchReusableWorkflowDepth: 2 };
      const template = await convertWorkflowTemplate(parsed.context, parsed.value, provider, options);
      jobs = (template.jobs ?? []).map((job) => `${job.type}:${job.id.value}`);
    }
  }
  found[file] = { errors: errors(), jobs };
}
console.log(JSON.stringify(found));
