'use strict';
// Draws the plots of a report from the data in the page. Colours come from the style sheet, so that light and dark
// differ in one place; every plot is a function of the data, the colours and the width, and is drawn anew when
// one of them changes.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const root = document.documentElement;
  const plots = {};
  let chosenModel = 0;

  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const digits = v => v >= 99.95 ? v.toFixed(0) : v >= 9.995 ? v.toFixed(1) : v >= 0.9995 ? v.toFixed(2) : v.toPrecision(2);
  const times = v => digits(v) + '×';
  const time = s => s >= 1 ? digits(s) + ' s' : s >= 1e-3 ? digits(s * 1e3) + ' ms' : digits(s * 1e6) + ' µs';
  const bytes = b => b >= 1e9 ? digits(b / 1e9) + ' GB' : b >= 1e6 ? digits(b / 1e6) + ' MB' : digits(b / 1e3) + ' kB';
  const escaped = t => String(t).replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
  const narrow = () => document.body.clientWidth < 600;
  const shortName = n => n.replace(/\.onnx$/, '').replace('all-minilm-l6-v2-q', 'all-MiniLM-L6');
  const axisName = n => narrow() && n.length > 13 ? n.slice(0, 12) + '…' : n;

  // The same look for all.
  function base(grid) {
    const ink = colour('ink'), soft = colour('soft');
    return {
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
      grid: Object.assign({ left: 8, right: 24, top: 16, bottom: 8, containLabel: true }, grid),
      tooltip: { confine: true, backgroundColor: colour('paper'), borderColor: colour('line'), textStyle: { color: ink, fontSize: 13 } },
      legend: { type: 'plain', textStyle: { color: ink }, itemWidth: 14, itemHeight: 10, itemGap: 14, top: 0, left: 0, inactiveColor: soft }
    };
  }
  function axis(name, more) {
    return Object.assign({
      name, nameLocation: 'middle', nameGap: 30, nameTextStyle: { color: colour('soft') },
      axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colour('soft'), hideOverlap: true, showMinLabel: more.type !== 'log', showMaxLabel: more.type !== 'log' },
      splitLine: { lineStyle: { color: colour('line') } }, minorSplitLine: { show: false }
    }, more);
  }
  function categories(names) {
    return {
      type: 'category', data: names, inverse: true, axisLine: { lineStyle: { color: colour('line') } }, axisTick: { show: false },
      axisLabel: { color: colour('ink'), fontSize: 13, formatter: axisName, interval: 0 }
    };
  }
  function line(at, text, position) {
    return {
      silent: true, symbol: 'none', lineStyle: { color: colour('ink'), width: 1, type: 'solid' },
      label: { formatter: text, color: colour('soft'), position: position || 'insideEndTop' }, data: [at]
    };
  }
  function draw(id, height, option) {
    const element = document.getElementById(id);
    element.style.height = height + 'px';
    if (plots[id]) plots[id].dispose();
    plots[id] = echarts.init(element);
    plots[id].setOption(option);
  }

  const first = model => model.runs[0];
  const whole = data.models.filter(m => m.runs.length && first(m).speedUp);

  // Whole models: bars.
  function speedup() {
    const models = whole.slice().sort((a, b) => first(b).speedUp - first(a).speedUp);
    const option = base({ top: 24, right: narrow() ? 60 : 170, bottom: 28 });
    option.xAxis = axis('speed-up over the best float32', { type: 'value', min: 0, axisLabel: { color: colour('soft'), formatter: '{value}×' } });
    option.yAxis = categories(models.map(m => shortName(m.name)));
    option.tooltip.formatter = p => {
      const r = first(models[p.dataIndex]);
      return `<b>${escaped(models[p.dataIndex].name)}</b><br>int8 ${time(r.int8Seconds)}, ${escaped(r.int8By)}<br>`
        + `float32 ${time(r.float32Seconds)}, ${escaped(r.float32By)}`;
    };
    option.series = [{
      type: 'bar', barWidth: 20, itemStyle: { color: colour('blue'), borderRadius: [0, 3, 3, 0] },
      data: models.map(m => first(m).speedUp),
      label: {
        show: true, position: 'right', color: colour('ink'),
        rich: { n: { fontWeight: 700, fontSize: 15 }, t: { color: colour('soft') } },
        formatter: p => {
          const r = first(models[p.dataIndex]);
          return `{n|${times(r.speedUp)}}` + (narrow() ? '' : `{t|   ${time(r.float32Seconds)} → ${time(r.int8Seconds)}}`);
        }
      },
      markLine: line({ xAxis: 1 }, 'float32', 'start')
    }];
    draw('speedup', 80 + 34 * models.length, option);
  }

  // A contender's colour and mark: blues and greens for native code, oranges for the Vector API, grey for plain loops.
  const peers = [...new Set(data.models.flatMap(m => m.runs.flatMap(r => r.contenders.filter(c => c.kind === 'peer').map(c => c.id))))];
  function look(c) {
    const by = {
      'native-amx': ['purple', 'circle'], 'native-avx512vnni': ['blue', 'circle'], 'native-avxvnni': ['sky', 'circle'], 'native-avx2': ['green', 'circle'],
      'vector-512': ['orange', 'rect'], 'vector-256': ['orange', 'emptyRect'], 'vector-128': ['orange', 'emptyRect'],
      'scalar': ['grey', 'rect'], 'native-scalar': ['grey', 'circle']
    }[c.id];
    if (c.kind === 'float32') return ['vermillion', { 'float32-java': 'emptyTriangle', 'float32-vector': 'triangle' }[c.id] || 'emptyDiamond'];
    if (c.kind === 'peer') return ['purple', ['diamond', 'emptyDiamond', 'rect', 'emptyRect', 'triangle', 'emptyTriangle', 'circle', 'emptyCircle'][peers.indexOf(c.id) % 8]];
    return by || ['ink', 'circle'];
  }
  // A hollow mark is a full one in the colour of the paper: what the library calls empty is white inside.
  function mark(hue, symbol) {
    const hollow = symbol.startsWith('empty');
    return {
      symbol: hollow ? symbol.slice(5).toLowerCase() : symbol,
      itemStyle: { color: colour(hollow ? 'paper' : hue), borderColor: colour(hollow ? hue : 'paper'), borderWidth: hollow ? 1.8 : 0.8, opacity: 1 }
    };
  }
  const sizes = { 'vector-256': 8, 'vector-128': 6 };

  function contenders() {
    const models = whole;
    const all = new Map();
    models.forEach((m, at) => first(m).contenders.forEach(c => {
      if (!all.has(c.id)) all.set(c.id, Object.assign({ points: [] }, c));
      if (c.seconds) all.get(c.id).points.push({ value: [first(m).float32Seconds / c.seconds, at], wrong: c.wrong, seconds: c.seconds });
    }));
    const shown = [...all.values()].filter(c => c.points.length);
    const rows = Math.ceil(shown.length * (narrow() ? 165 : 150) / Math.max(300, document.body.clientWidth - 40));
    const option = base({ top: 44 + 22 * rows, bottom: 28 });
    option.xAxis = axis('speed relative to the best float32, logarithmic', {
      type: 'log', logBase: 10, min: v => Math.pow(10, Math.floor(Math.log10(v.min) * 2) / 2), max: v => Math.pow(10, Math.ceil(Math.log10(v.max) * 2.5) / 2.5),
      axisLabel: { color: colour('soft'), hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: v => +v.toPrecision(2) + '×' }
    });
    option.yAxis = categories(models.map(m => shortName(m.name)));
    option.yAxis.splitLine = { show: true, lineStyle: { color: colour('line'), type: 'dotted' } };
    option.tooltip.formatter = p => `<b>${escaped(p.seriesName)}</b> on ${escaped(models[p.value[1]].name)}<br>${time(p.data.seconds)}, ${times(p.value[0])}`
      + (p.data.wrong ? `<br><b>wrong</b> on ${p.data.wrong} layers` : '');
    option.series = shown.map((c, i) => {
      const [hue, symbol] = look(c);
      return {
        name: c.id, type: 'scatter', symbolSize: sizes[c.id] || (c.id === first(models[0]).int8By ? 15 : 10), ...mark(hue, symbol),
        data: c.points.map(p => p.wrong
          ? Object.assign({ symbol: 'path://M0,2L2,0L6,4L10,0L12,2L8,6L12,10L10,12L6,8L2,12L0,10L4,6Z', symbolSize: 12, itemStyle: { color: colour('bad') } }, p) : p),
        markLine: i ? undefined : line({ xAxis: 1 }, 'best float32', 'start')
      };
    });
    draw('contenders', 128 + 22 * rows + 40 * models.length, option);
  }

  const kinds = { conv: ['convolution', 'blue'], depthwise: ['depthwise convolution', 'orange'], gemm: ['matrix product', 'green'] };

  function layers() {
    const model = data.models[chosenModel], run = first(model);
    const points = run.layers.filter(l => l.speedUp);
    const option = base({ top: 50, bottom: 28, right: 70 });
    option.xAxis = axis('speed-up over the best float32', { type: 'value', min: 0, axisLabel: { color: colour('soft'), formatter: '{value}×' } });
    option.yAxis = categories(points.map(l => l.name));
    option.yAxis.axisLabel.fontSize = 12;
    option.yAxis.axisLabel.formatter = n => narrow() ? (n.length > 16 ? n.slice(0, 15) + '…' : n) : n + '  {s|' + points.find(l => l.name === n).shape + '}';
    option.yAxis.axisLabel.rich = { s: { color: colour('soft'), fontSize: 11 } };
    option.tooltip.formatter = p => {
      const l = points[p.dataIndex];
      const side = s => `${digits(s.milliseconds)} ms, ${digits(s.gops)} GOP/s, ${escaped(s.by)}` + (s.roof ? `, ${Math.round(100 * s.gops / s.roof)} % of the limit` : '');
      return `<b>${escaped(l.name)}</b> ${escaped(l.shape)}<br>int8 ${side(l.int8)}<br>float32 ${side(l.float32)}`;
    };
    option.series = Object.entries(kinds).filter(([k]) => points.some(l => l.kind === k)).map(([k, [name, hue]], i) => ({
      name, type: 'bar', stack: 'one', barWidth: 13, itemStyle: { color: colour(hue), borderRadius: [0, 2, 2, 0] },
      data: points.map(l => l.kind === k ? l.speedUp : null),
      label: { show: true, position: 'right', color: colour('ink'), formatter: p => p.value ? times(p.value) : '' },
      markLine: i ? undefined : line({ xAxis: 1 }, 'float32', 'start')
    }));
    draw('layers', 106 + 21 * points.length, option);
  }

  // The roofline. Its lines are drawn point by point, on logarithmic axes.
  function roofline() {
    const runs = data.models.map(m => [m, m.runs.find(r => r.threads === 1)]).filter(([, r]) => r);
    const peaks = data.peaks;
    if (!peaks || !peaks.compute.length || !runs.length) {
      document.getElementById('roofline-section').hidden = true;
      return;
    }
    const points = side => runs.flatMap(([m, r]) => r.layers.filter(l => l[side]).map(l => ({
      value: [l[side].intensity, l[side].gops], layer: l, model: m.name, side
    })));
    const int8 = points('int8'), float32 = points('float32');
    const xs = int8.concat(float32).map(p => p.value[0]);
    const low = Math.pow(10, Math.floor(Math.log10(Math.min(...xs)) * 2) / 2), high = Math.pow(10, Math.ceil(Math.log10(Math.max(...xs)) * 2) / 2);
    const used = new Set(int8.map(p => p.layer.int8.by));
    const floats = peaks.compute.filter(c => c.arithmetic === 'float32').map(c => c.gops);
    const roofs = peaks.compute.filter(c => c.arithmetic === 'int8' && (used.has(c.id) || c.id.startsWith('native-')))
      .map(c => ({ name: c.id, gops: c.gops, hue: look({ id: c.id })[0] }));
    if (floats.length) roofs.push({ name: 'float32', gops: Math.max(...floats), hue: 'vermillion' });
    const top = Math.max(...roofs.map(r => r.gops));
    // What lies within a tenth of another says nothing more.
    const level = roofs.sort((a, b) => b.gops - a.gops).filter((r, i, all) => !i || r.gops < 0.93 * all[i - 1].gops);
    // Levels of memory that are as fast as one another are one line.
    const slopes = [];
    peaks.memory.forEach(m => {
      const last = slopes[slopes.length - 1];
      if (last && m.gbps > 0.85 * last.gbps) last.level += ', ' + m.level;
      else slopes.push({ level: m.level, gbps: m.gbps });
    });
    const fastest = peaks.memory.length ? peaks.memory[0].gbps : Infinity;
    const option = base({ top: 34, bottom: 34, right: narrow() ? 16 : 24 });
    option.xAxis = axis('operations for each byte of operands, logarithmic', { type: 'log', min: low, max: high });
    option.yAxis = axis('GOP/s', { type: 'log', nameGap: 44, max: Math.pow(10, Math.ceil(Math.log10(top * 1.2) * 4) / 4), min: v => Math.pow(10, Math.floor(Math.log10(v.min) * 2) / 2) });
    option.xAxis.axisLabel.formatter = option.yAxis.axisLabel.formatter = v => v >= 1 ? Math.round(v) : digits(v);
    option.legend.data = ['int8, chosen backend', 'best float32'];
    option.tooltip.formatter = p => p.data.layer ? (() => {
      const s = p.data.layer[p.data.side];
      return `<b>${escaped(p.data.model)} ${escaped(p.data.layer.name)}</b><br>${escaped(p.data.layer.shape)}<br>${escaped(s.by)}: ${digits(s.gops)} GOP/s`
        + (s.roof ? `, ${Math.round(100 * s.gops / s.roof)} % of ${digits(s.roof)}` : '') + `<br>${digits(s.intensity)} operations a byte`;
    })() : escaped(p.seriesName);
    const plain = { type: 'line', symbol: 'none', silent: true, tooltip: { show: false }, z: 1 };
    option.series = level.map((r, i) => Object.assign({}, plain, {
      name: r.name, lineStyle: { color: colour(r.hue), width: 1.6 },
      data: [[Math.max(low, r.gops / fastest), r.gops], [high, r.gops]],
      markPoint: { silent: true, symbol: 'rect', symbolSize: 0.1, data: [{ coord: [high, r.gops] }],
        label: { show: true, position: [-6, i && r.gops > 0.72 * level[i - 1].gops ? 4 : -16], align: 'right', color: colour(r.hue), fontSize: 12, formatter: `${r.name} ${digits(r.gops)}` } }
    })).concat(slopes.map(m => {
      const to = top / m.gbps, from = low;
      return Object.assign({}, plain, {
        name: m.level, lineStyle: { color: colour('soft'), width: 1, type: 'dashed' },
        data: from < to ? [[from, from * m.gbps], [to, top]] : [],
        markPoint: { silent: true, symbol: 'rect', symbolSize: 0.1, data: from < to ? [{ coord: [to, top] }] : [],
          label: { show: true, position: [0, -16], align: 'center', color: colour('soft'), fontSize: 11, formatter: narrow() ? m.level : `${m.level} ${digits(m.gbps)} GB/s` } }
      });
    })).concat([
      { name: 'best float32', type: 'scatter', symbolSize: 8, ...mark('vermillion', 'emptyTriangle'), data: float32, z: 3 },
      { name: 'int8, chosen backend', type: 'scatter', symbol: 'circle', symbolSize: 9,
        itemStyle: { color: colour('blue'), opacity: 0.75, borderColor: colour('paper'), borderWidth: 1 }, data: int8, z: 4 }
    ]);
    draw('roofline', narrow() ? 380 : 520, option);
  }

  function scaling() {
    const models = data.models.filter(m => m.runs.length > 1 && m.runs[0].threads === 1 && m.runs.every(r => r.int8Seconds));
    if (!models.length) {
      document.getElementById('scaling-section').hidden = true;
      return;
    }
    const counts = models[0].runs.map(r => r.threads).filter(t => t > 1);
    const hues = ['blue', 'sky', 'green', 'purple'];
    const option = base({ top: 34, bottom: 28, right: 40 });
    option.xAxis = axis('speed relative to one thread', { type: 'value', min: 0, max: Math.max(...counts) + 0.25, interval: Math.max(...counts) > 8 ? undefined : 0.5, axisLabel: { color: colour('soft'), formatter: '{value}×' } });
    option.yAxis = categories(models.map(m => shortName(m.name)));
    const bars = (name, hue, ratio) => ({
      name, type: 'bar', barMaxWidth: 14, itemStyle: { color: colour(hue), borderRadius: [0, 2, 2, 0] }, data: models.map(ratio),
      label: { show: true, position: 'right', color: colour('ink'), formatter: p => p.value ? times(p.value) : '' }
    });
    option.series = counts.flatMap((t, i) => {
      const at = m => m.runs.find(r => r.threads === t);
      return [
        bars(`int8, ${t} threads`, hues[i % 4], m => at(m) && m.runs[0].int8Seconds / at(m).int8Seconds),
        bars(`best float32, ${t} threads`, i ? 'orange' : 'vermillion', m => at(m) && at(m).float32Seconds && m.runs[0].float32Seconds / at(m).float32Seconds)
      ];
    });
    option.series[0].markLine = line({ xAxis: 1 }, '', 'end');
    option.series[0].markLine.data = counts.map(t => ({ xAxis: t, lineStyle: { type: 'dashed' } }));
    option.tooltip.formatter = p => `<b>${escaped(models[p.dataIndex].name)}</b><br>${escaped(p.seriesName)}: ${times(p.value)}`;
    draw('scaling', 90 + models.length * (14 + 17 * 2 * counts.length), option);
  }

  // Bytes of float32 and of int8, with a line between: on a logarithmic axis its length is the ratio.
  function memory() {
    const models = data.models.slice().sort((a, b) => b.weightsFloat32 - a.weightsFloat32);
    const option = base({ top: 34, bottom: 28, right: narrow() ? 56 : 84 });
    option.xAxis = axis('bytes, logarithmic', {
      type: 'log', min: v => Math.pow(10, Math.floor(Math.log10(v.min / 1.5))), max: v => Math.pow(10, Math.ceil(Math.log10(v.max * 1.3) * 4) / 4),
      axisLabel: { color: colour('soft'), hideOverlap: true, showMinLabel: true, showMaxLabel: false, formatter: v => bytes(v).replace(/\.0+ /, ' ') }
    });
    option.yAxis = categories(models.map(m => shortName(m.name)));
    const marks = (name, hue, symbol, size, value, position) => ({
      name, type: 'scatter', symbolSize: size, ...mark(hue, symbol), z: 3,
      data: models.map((m, at) => [value(m), at]).filter(p => p[0]),
      label: position && { show: true, position, distance: 9, color: colour('ink'), fontSize: 12, formatter: p => bytes(p.value[0]) }
    });
    option.series = [
      marks('int8', 'blue', 'circle', 13, m => m.weightsInt8, 'left'),
      marks('int8, packed', 'ink', 'emptyCircle', 7, m => m.packed, null),
      marks('float32', 'vermillion', 'triangle', 12, m => m.weightsFloat32, 'right')
    ].concat(models.map((m, at) => ({
      name: 'ratio ' + at, type: 'line', silent: true, symbol: 'none', tooltip: { show: false }, z: 1, lineStyle: { color: colour('line'), width: 4 },
      data: [[m.weightsInt8, at], [m.weightsFloat32, at]]
    })));
    option.legend.data = ['int8', 'int8, packed', 'float32'];
    option.tooltip.formatter = p => {
      const m = models[p.value[1]];
      return `<b>${escaped(m.name)}</b><br>weights ${bytes(m.weightsFloat32)} → ${bytes(m.weightsInt8)}` + (m.packed ? `, packed ${bytes(m.packed)}` : '')
        + `<br>widest activations ${bytes(m.activationsFloat32)} → ${bytes(m.activationsInt8)}`;
    };
    draw('memory', 90 + 36 * models.length, option);
  }

  function all() {
    if (whole.length) { speedup(); contenders(); }
    if (data.models.length) { layers(); memory(); }
    roofline();
    scaling();
  }

  const select = document.getElementById('model');
  data.models.forEach((m, i) => select.add(new Option(m.name, i)));
  select.addEventListener('change', () => { chosenModel = +select.value; layers(); });

  const button = document.getElementById('theme');
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const label = () => { button.textContent = dark() ? 'Light' : 'Dark'; };
  button.hidden = false;
  button.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; label(); all(); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { label(); all(); });
  label();

  let width = document.body.clientWidth;
  addEventListener('resize', () => {
    if (document.body.clientWidth !== width) { width = document.body.clientWidth; all(); }
  });

  // Sorting tables by a click on a heading; rows of one body stay together.
  document.querySelectorAll('main details table').forEach(table => [...table.tHead.rows[0].cells].forEach((head, column) => {
    head.classList.add('sorts');
    head.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') !== 'descending';
      [...head.parentNode.cells].forEach(c => c.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const key = row => {
        const text = row.cells[column].textContent.trim(), number = parseFloat(text.replace('~', ''));
        if (!head.classList.contains('n')) return text;
        const unit = text.includes('µs') ? 1e-6 : text.includes('ms') ? 1e-3 : 1;
        return Number.isNaN(number) ? -1 : number * unit;
      };
      [...table.tBodies].forEach(body => [...body.rows]
        .sort((a, b) => { const x = key(a), y = key(b); return (x < y ? 1 : x > y ? -1 : 0) * (down ? 1 : -1); })
        .forEach(row => body.append(row)));
    });
  }));

  all();
})();
