import { createApp } from 'vue';
import App from './app.vue';

// ?server=http://nas:7411 names another server than that of this machine; two of them can be changed between.
const named = new URLSearchParams(location.search).getAll('server');
const servers = named.length > 0 ? named : ['http://127.0.0.1:7411'];

createApp(App, { servers }).mount('#root');
