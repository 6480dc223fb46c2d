// `npm install` in the workspace root would install the root alone and look like a success.
if (!/^pnpm\//.test(process.env.npm_config_user_agent ?? '')) {
  console.error('This workspace is installed by `npm start` or `npm test` (they fetch the pinned pnpm themselves).');
  process.exit(1);
}
