import js from '@eslint/js';
import globals from 'globals';

const PAGE = 'src/main/resources/web';

export default [
    js.configs.recommended,
    { files: [`${PAGE}/**/*.js`], ignores: [`${PAGE}/state/**`], languageOptions: { globals: globals.browser } },
    // State is pure: it has no access to the browser. Store notifies its listeners after the turn.
    { files: [`${PAGE}/state/**/*.js`], languageOptions: { globals: { setTimeout: 'readonly' } } },
    { files: ['src/test/web/**/*.js'], languageOptions: { globals: globals.node } },
    {
        rules: {
            curly: 'error',
            eqeqeq: 'error',
            'no-unused-private-class-members': 'error',
            'no-var': 'error',
            'object-shorthand': 'error',
            'prefer-const': 'error',
        },
    },
];
