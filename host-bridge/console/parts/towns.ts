/** Seats of the provinces, to the hundredth of a degree (WGS 84), so that a plot tells roughly where it is. */
export const TOWNS: readonly [zh: string, en: string, latitude: number, longitude: number][] = [
  ['北京', 'Beijing', 39.9, 116.4], ['天津', 'Tianjin', 39.13, 117.2], ['石家庄', 'Shijiazhuang', 38.04, 114.5], ['太原', 'Taiyuan', 37.87, 112.55], ['呼和浩特', 'Hohhot', 40.84, 111.75],
  ['沈阳', 'Shenyang', 41.8, 123.43], ['长春', 'Changchun', 43.88, 125.32], ['哈尔滨', 'Harbin', 45.8, 126.53], ['上海', 'Shanghai', 31.23, 121.47], ['南京', 'Nanjing', 32.06, 118.78],
  ['杭州', 'Hangzhou', 30.27, 120.15], ['合肥', 'Hefei', 31.86, 117.28], ['福州', 'Fuzhou', 26.08, 119.3], ['南昌', 'Nanchang', 28.68, 115.86], ['济南', 'Jinan', 36.67, 117.0],
  ['郑州', 'Zhengzhou', 34.75, 113.62], ['武汉', 'Wuhan', 30.59, 114.3], ['长沙', 'Changsha', 28.23, 112.94], ['广州', 'Guangzhou', 23.13, 113.26], ['南宁', 'Nanning', 22.82, 108.32],
  ['海口', 'Haikou', 20.04, 110.2], ['重庆', 'Chongqing', 29.56, 106.55], ['成都', 'Chengdu', 30.57, 104.07], ['贵阳', 'Guiyang', 26.65, 106.63], ['昆明', 'Kunming', 25.04, 102.72],
  ['拉萨', 'Lhasa', 29.65, 91.14], ['西安', "Xi'an", 34.34, 108.94], ['兰州', 'Lanzhou', 36.06, 103.83], ['西宁', 'Xining', 36.62, 101.78], ['银川', 'Yinchuan', 38.49, 106.23],
  ['乌鲁木齐', 'Ürümqi', 43.83, 87.62], ['香港', 'Hong Kong', 22.28, 114.16], ['澳门', 'Macao', 22.2, 113.54], ['台北', 'Taipei', 25.03, 121.56],
];
