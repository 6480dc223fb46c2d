import './page.css';
import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import { TelltaleDashboard } from './dashboard.ts';

defineElements();
define('telltale-dashboard', TelltaleDashboard);
