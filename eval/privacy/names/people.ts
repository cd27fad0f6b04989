/** Names of people by where they are common, written for this bench alone. First names, then last names. */
export interface Origin {
  readonly origin: string;
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** The last name stands first, without a space. */
  readonly isJoined?: boolean;
}

const of = (origin: string, first: string, last: string): Origin => ({
  origin,
  first: first.split(' '),
  last: last.split(' '),
});

/** In Latin letters. */
export const ORIGINS: readonly Origin[] = [
  of(
    'English',
    'Harriet Gareth Imogen Nigel Philippa Barnaby Gemma Rupert Tamsin Keith',
    'Pemberton Whitlock Thackeray Ashdown Birtwistle Colgrave Haddon Sowerby Lockyer Tranter',
  ),
  of(
    'American',
    'Tyler Brandi Chad Kaylee Dustin Mackenzie Randall Courtney Wyatt Peggy',
    'Hutchins Bowman Stroud Dillard Vance Kessler Whitfield Lomax Trammell Beckham',
  ),
  of(
    'African American',
    'DeShawn Latoya Tyrone Keisha Jamal Shanice Marquis Ebony Darnell Tanisha',
    'Washington Gaines Booker Mosley Tolliver Broadnax Pinkney Batiste Rollins Gadson',
  ),
  of(
    'Irish',
    'Saoirse Eoin Niamh Padraig Aoife Cillian Siobhan Fergal Grainne Declan',
    "O'Sullivan Gallagher Brennan MacNamara O'Dowd Hennessy Kavanagh Tierney McGrath Quigley",
  ),
  of(
    'Scottish and Welsh',
    'Hamish Eilidh Rhys Angharad Callum Morag Gwen Iolo Catriona Dafydd',
    'MacLeod Llewellyn Buchanan Prosser Drummond Bevan Abercrombie Pritchard Kinnaird Gruffydd',
  ),
  of(
    'German',
    'Jürgen Annegret Torsten Heike Ulrich Friederike Detlef Gudrun Lennart Mareike',
    'Schönfelder Kretzschmar Oberhauser Weidemann Lindqvist Brüggemann Zapf Hollerbach Nußbaum Petersen',
  ),
  of(
    'French',
    'Gwenaëlle Thibault Océane Bastien Solène Yannick Mireille Corentin Maëlle Didier',
    "Lefebvre Boucher Rousselot Desjardins Chevallier D'Aubigny Marchand Villeneuve Perrin Gauthier",
  ),
  of(
    'Spanish',
    'Íñigo Rocío Gonzalo Almudena Sergio Remedios Nacho Maite Fermín Lourdes',
    'Echeverría Cabrera Montoya Zubizarreta Villalobos Carrasco Iglesias Bermúdez Olmedo Peñalver',
  ),
  of(
    'Latin American',
    'Yolanda Wilmer Xiomara Edwin Marisol Jair Guadalupe Efraín Itzel Rigoberto',
    'Quispe Huamán Restrepo Arango Villanueva Tzul Mamani Coronado Zelaya Barrientos',
  ),
  of(
    'Portuguese',
    'Thiago Beatriz Edson Iracema Vasco Leonor Wagner Rosângela Duarte Mafalda',
    'Figueiredo Carvalho Bittencourt Nogueira Vasconcelos Teixeira Queiroz Sampaio Guimarães Brandão',
  ),
  of(
    'Italian',
    'Ginevra Ettore Ludovica Fabrizio Mirella Salvatore Nicoletta Gaspare Ornella Tullio',
    'Bergamaschi Cattaneo Lo-Presti Vitale Zanetti Castellani Pellegrino Quattrocchi Sorrentino Mancuso',
  ),
  of(
    'Dutch',
    'Joost Marieke Sander Fenna Wouter Liesbeth Gijs Anouk Bram Hanneke',
    'Hoekstra Verhoeven Zijlstra Dijkman Boersma Kuipers Schoonhoven Terpstra Wiersma Oosterhuis',
  ),
  of(
    'Scandinavian',
    'Sigrid Torbjørn Åsa Mikkel Ingeborg Håkon Solveig Rasmus Linnea Øystein',
    'Bergqvist Halvorsen Rasmussen Lindström Østergaard Haugen Nygård Söderberg Kjeldsen Strand',
  ),
  of(
    'Finnish and Estonian',
    'Aino Jukka Pirjo Veikko Kaisa Tõnu Riitta Mikko Liisu Ilkka',
    'Korhonen Lehtinen Tamm Hämäläinen Mäkelä Saar Rantanen Kukk Virtanen Heikkilä',
  ),
  of(
    'Polish',
    'Grzegorz Małgorzata Zbigniew Agnieszka Mirosław Bożena Krzysztof Jadwiga Sławomir Halina',
    'Wiśniewski Kowalczyk Szymańska Brzęczyszczykiewicz Jankowska Wróblewski Zielińska Dąbrowski Sikora Gołąb',
  ),
  of(
    'Czech and Slovak',
    'Vojtěch Ludmila Zdeněk Blanka Radovan Květa Bohumil Zuzana Ctirad Milena',
    'Novotný Dvořáková Procházka Hruška Svobodová Krejčí Benešová Kučera Horváthová Šimek',
  ),
  of(
    'Hungarian',
    'Zoltán Ilona Gergely Boglárka Attila Zsuzsanna Ferenc Réka Csaba Piroska',
    'Szabó Kovács Horváth Nagyváradi Tóth Balogh Molnár Fekete Papp Juhász',
  ),
  of(
    'Romanian',
    'Dragoș Ileana Ciprian Mădălina Sorin Roxana Viorel Luminița Răzvan Anca',
    'Ionescu Popa Dumitrescu Munteanu Stănescu Lupu Constantinescu Vlad Moldoveanu Ciobanu',
  ),
  of(
    'Balkan',
    'Dragan Jelena Nenad Snežana Zlatko Ivana Bojan Ljiljana Emir Lejla',
    'Petrović Kovačević Jovanović Hadžić Marković Babić Stanković Begović Vuković Perić',
  ),
  of(
    'Greek',
    'Stavros Despina Thanasis Evangelia Kostas Ourania Spyros Kalliopi Vangelis Fotini',
    'Papadopoulos Georgiou Karamanlis Oikonomou Vasilakis Theodoridou Manolas Kyriakou Stathopoulos Zervas',
  ),
  of(
    'Russian',
    'Gennady Lyudmila Arkady Zinaida Vsevolod Svetlana Timofey Raisa Yevgeny Alevtina',
    'Sokolov Kuznetsova Belyaev Zaitseva Vorobyov Tikhonova Gusev Morozova Yermakov Shchukina',
  ),
  of(
    'Ukrainian',
    'Taras Oksana Bohdan Halyna Ostap Solomiya Myroslav Yaryna Nazar Lesya',
    'Shevchenko Kovalenko Bondarchuk Tkachenko Melnyk Hrytsenko Lysenko Marchenko Poroshyn Zabolotna',
  ),
  of(
    'Turkish',
    'Mehmet Ayşegül Burak Zeynep Orhan Gülşen Serkan Nilüfer Tuncay Elif',
    'Yılmaz Demirtaş Kaya Öztürk Aydoğan Çelik Karabulut Şahin Güneş Erdoğmuş',
  ),
  of(
    'Arab',
    'Khalid Rania Youssef Layla Tariq Nadia Faisal Hanan Bilal Samira',
    'Al-Masri Haddad Benali El-Sayed Khoury Mansour Al-Rashid Bouazizi Nasser Darwish',
  ),
  of(
    'Persian',
    'Behrouz Shirin Kamran Parisa Dariush Mahnaz Siavash Golnaz Farhad Laleh',
    'Hosseini Tehrani Ahmadzadeh Karimi Moradi Shirazi Farrokhzad Jafari Golestani Rahimi',
  ),
  of(
    'Hebrew',
    'Avishai Tzipora Eitan Noga Shlomo Michal Yonatan Hadar Gidon Orli',
    'Ben-David Mizrahi Shapira Peretz Katzenelson Azoulay Friedlander Biton Halevi Dayan',
  ),
  of(
    'Hindi and Marathi',
    'Aniket Sushma Vikrant Kavita Rajendra Mrunal Omkar Sunita Prakash Ashwini',
    'Deshpande Chaturvedi Agarwal Kulkarni Tripathi Bhonsle Saxena Gokhale Rathore Malhotra',
  ),
  of(
    'Tamil and Telugu',
    'Karthikeyan Meenakshi Venkatesh Lavanya Senthil Padmavathi Raghuram Swathi Muthu Anjali',
    'Subramanian Ramaswamy Reddy Krishnamurthy Naidu Balasubramaniam Iyer Pillai Chandrasekaran Venkataraman',
  ),
  of(
    'Bengali and Punjabi',
    'Debashis Gurpreet Moumita Harjit Anirban Simran Tapan Manpreet Sharmila Jaswinder',
    'Chatterjee Dhaliwal Mukherjee Sandhu Bhattacharya Grewal Sengupta Gill Ghosh Bajwa',
  ),
  of(
    'Pakistani and Bangladeshi',
    'Imran Ayesha Shahid Nusrat Zubair Mehwish Rafiqul Tahmina Waqas Farzana',
    'Chaudhry Rahman Qureshi Siddiqui Hossain Abbasi Bhatti Begum Mirza Chowdhury',
  ),
  of(
    'Chinese',
    'Xiaoming Jingyi Haoyu Meiling Zhiwei Yuting Guoqiang Lihua Junjie Ruoxi',
    'Zhang Ouyang Liu Huang Xu Zhao Qian Sima Deng Xie',
  ),
  of(
    'Cantonese and Taiwanese',
    'Wing-Yan Chi-Keung Ka-Man Shu-Fen Wai-Lun Mei-Hui Kwok-Wah Ya-Ting Siu-Ling Chun-Hao',
    'Cheung Ng Leung Tsai Kwan Hsieh Yeung Lam Chuang Tse',
  ),
  of(
    'Japanese',
    'Haruto Sakura Kenji Ayumi Takeshi Naomi Shinji Hiroko Daiki Yumiko',
    'Watanabe Takahashi Kobayashi Fujimoto Hasegawa Nakagawa Ishikawa Matsuda Okamoto Shimizu',
  ),
  of(
    'Korean',
    'Ji-hoon Soo-yeon Min-jun Hye-jin Dong-hyun Eun-ji Seung-ho Yoon-ah Tae-yang Mi-kyung',
    'Kim Park Choi Jung Kang Yoon Hwang Shin Oh Baek',
  ),
  of(
    'Vietnamese',
    'Minh Thuy Quang Linh Duc Phuong Tuan Huong Khanh Ngoc',
    'Nguyen Tran Pham Hoang Vu Dang Bui Duong Ngo Trinh',
  ),
  of(
    'Thai',
    'Somchai Pornthip Anan Siriporn Kittisak Malee Narong Supaporn Wichai Ratana',
    'Srisai Wongsakul Chaiyaporn Rattanakosin Boonmee Suksawat Phongphan Thongchai Jaidee Saetang',
  ),
  of(
    'Indonesian and Malay',
    'Budi Siti Agus Nurul Joko Wulandari Hafiz Aisyah Bambang Dewi',
    'Santoso Wijaya Rahmawati Hidayat Setiawan Abdullah Kusuma Prasetyo Ismail Suryadi',
  ),
  of(
    'Filipino',
    'Jejomar Maricel Rodel Lovely Dindo Cherry Arnel Rowena Bong Analyn',
    'Dela-Cruz Macaraeg Bautista Pangilinan Magbanua Catacutan Salonga Dimaculangan Reyes Tolentino',
  ),
  of(
    'Nigerian',
    'Chinedu Folasade Emeka Ngozi Babatunde Ifeoma Tunde Yetunde Obinna Adaeze',
    'Okonkwo Adeyemi Nwosu Balogun Eze Afolabi Onyekachi Ogunleye Danjuma Uche',
  ),
  of(
    'Ghanaian',
    'Kwabena Akosua Yaw Abena Kofi Efua Kwaku Adwoa Kojo Esi',
    'Asante Owusu Boateng Amoako Agyeman Osei Frimpong Ofori Ampofo Darko',
  ),
  of(
    'Kenyan and Tanzanian',
    'Wanjiru Otieno Njeri Kipchoge Achieng Mwangi Amani Juma Wambui Kiprono',
    'Kamau Odhiambo Mutua Wekesa Cheruiyot Nyambura Mushi Kimani Barasa Kilonzo',
  ),
  of(
    'Ethiopian and Somali',
    'Tewodros Hirut Abdirahman Selamawit Dawit Hodan Mulugeta Fadumo Bekele Ayaan',
    'Tesfaye Gebremariam Warsame Haile Mengistu Farah Alemayehu Abdi Desta Hersi',
  ),
  of(
    'Southern African',
    'Thabo Nomvula Sipho Lindiwe Tendai Rutendo Mandla Zanele Tatenda Naledi',
    'Dlamini Ndlovu Mokoena Moyo Khumalo Sithole Chikwanha Mabaso Nkosi Mthembu',
  ),
  of(
    'Polynesian',
    'Tane Moana Sione Leilani Wiremu Anahera Keoni Mele Tevita Hine',
    'Tuilagi Ngata Kealoha Faleafa Parata Taufahema Kahananui Fonoti Te-Rangi Mahuta',
  ),
];

/** In their own scripts. */
export const SCRIPTS: Readonly<Record<string, Origin>> = {
  zh: {
    ...of('Chinese (Han)', '建国 秀英 晓东 雅婷 志强 丽娜 浩然 梦洁', '王 欧阳 李 陈 周 赵 徐 孙'),
    isJoined: true,
  },
  ja: {
    ...of(
      'Japanese (kanji)',
      '太郎 花子 健一 美咲 大輔 由美子 翔太 千春',
      '佐藤 鈴木 高橋 渡辺 山本 小林 吉田 松本',
    ),
    isJoined: true,
  },
  ko: {
    ...of('Korean (Hangul)', '지훈 수연 민준 혜진 동현 은지 승호 윤아', '김 이 박 최 정 강 윤 황'),
    isJoined: true,
  },
  ru: of(
    'Russian (Cyrillic)',
    'Дмитрий Светлана Аркадий Зинаида Тимофей Лариса Евгений Полина',
    'Соколов Кузнецова Беляев Зайцева Воробьёв Тихонова Гусев Морозова',
  ),
  ar: of(
    'Arab (Arabic script)',
    'خالد رانيا يوسف ليلى طارق نادية فيصل سميرة',
    'المصري حداد منصور الخوري درويش ناصر الراشد العلي',
  ),
  hi: of(
    'Hindi (Devanagari)',
    'अनिकेत सुषमा विक्रांत कविता राजेंद्र सुनीता प्रकाश अश्विनी',
    'देशपांडे शर्मा अग्रवाल त्रिपाठी सक्सेना राठौर मल्होत्रा चतुर्वेदी',
  ),
  el: of(
    'Greek (Greek script)',
    'Σταύρος Δέσποινα Θανάσης Ευαγγελία Κώστας Φωτεινή Σπύρος Καλλιόπη',
    'Παπαδόπουλος Γεωργίου Οικονόμου Βασιλάκης Κυριάκου Ζέρβας Θεοδωρίδου Μανωλάς',
  ),
  he: of(
    'Hebrew (Hebrew script)',
    'אבישי ציפורה איתן נגה שלמה מיכל יונתן הדר',
    'מזרחי שפירא פרץ אזולאי לוי ביטון כהן דיין',
  ),
};
