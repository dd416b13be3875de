// documents.mjs: every GraphQL document of the contract cases, held to Shopify's own schema: node documents.mjs MOCKDIR SPECS CASE...
//
// The mock answers a document that its schema takes; here each is validated by itself, with the variables of each case, so that a
// value of the wrong type is found as well, and the operations that there are stand in one line. graphql is the mock's own copy.
import fs from 'fs'
import path from 'path'
import zlib from 'zlib'
import { createRequire } from 'module'

const [mock, specs, ...cases] = process.argv.slice(2)
const require = createRequire(path.resolve(mock, 'package.json'))
const { buildClientSchema, parse, validate, getVariableValues } = require('graphql')

const file = fs.readdirSync(specs).find((f) => f.endsWith('.json.gz'))
const schema = buildClientSchema(JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(specs, file)))).data)
const names = new Set()
let said = 0, bad = 0

for (const name of cases) {
	const line = fs.readFileSync(name, 'utf8').split('\n').find((l) => l.startsWith('{"operationName"'))
	if (!line) continue
	const { operationName, query, variables } = JSON.parse(line)
	const document = parse(query)
	const errors = validate(schema, document).map((e) => e.message)
	const operation = document.definitions.find((d) => d.name?.value === operationName)
	if (!operation) errors.push(`there is no operation ${operationName}`)
	else errors.push(...(getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors ?? []).map((e) => e.message))
	for (const e of errors) console.log(`not ok ${name}: ${e}`)
	bad += errors.length > 0
	said++
	names.add(operationName)
}
console.log(`${bad || !said ? 'not ok' : 'ok'} ${said} Shopify documents keep to ${file}: ${[...names].sort().join(' ')}`)
process.exit(bad || !said ? 1 : 0)
