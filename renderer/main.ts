import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createClient, installClient } from './app/client.ts';
import { i18n } from './app/i18n.ts';
import { router } from './app/router.ts';
import { useSettingsStore } from './app/settings-store.ts';
import { useVaultStore } from './app/vault-store.ts';
import { useNotices } from './components/use-notices.ts';
import './app/theme/element.css';
import './app/theme/tokens.css';

const app = createApp(App);
app.use(createPinia());
app.use(i18n);
app.use(installClient(createClient(window.doorstep)));
app.config.errorHandler = (error) => {
  // What reaches this point is our mistake or the service's: tell the worker, never pretend it worked.
  console.error(error);
  useNotices().failed(error);
};
window.addEventListener('unhandledrejection', (event) => {
  console.error(event.reason);
  useNotices().failed(event.reason);
});

const settings = useSettingsStore();
const vault = useVaultStore();
await Promise.allSettled([settings.refresh(), vault.refresh()]);
app.use(router);
app.mount('#app');
