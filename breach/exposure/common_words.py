"""Words that people write all day: a member who is called like one is not looked for by it in what others wrote.

English, German, French and Spanish; kept by hand. A word that is missing here makes findings that are none, with the
confidence of a name; one too many leaves a member unnamed, and is counted.
"""

_WORDS = """
aber able about above across action active actor admin after again agent agua ahora algo alle alles alors alpha also
always amazing amie amiga amigo amis amor amour angel anger animal answer antes apple april après aquí area army
around arrow artist asks assez auch august aunt aussi auto autre autumn avant avec avoir away ayer azul baby back
badge baker ball band bank base basic beach bear beast beat beau beauty because become been beer before begin behind
beim being believe bell belle below best beta better between beyond bible bien bike bill bird birth bisous bitte
black blade blanco blind block blood blue board boat body bois bone bonjour bonne book boom boot born boss both
bottle bottom bowl brain brave bread break breeze bridge bright bring brother brown bubble buddy buena bueno build
bunny burn business butter button cake call calle calm came camera camp candy captain card care carry casa case cash
cast castle catch cause cela celle center cette chain chair champion chance change chaos chaque charm chase chat
cheap check cheese cherry chess chez chicken chief chien child chill chip chocolate choice choose chose church ciel
cielo cinco cinema circle city class classic clean clear clever click climb clock close cloud clown coach coast coat
code coeur coffee coin cold color come comet coming comme common como computer cook cookie cool copper coral corazón
corner cosa cosmic cost could count country couple course court cover crazy cream creator crew cross crowd crown
cruel crystal cuando cuatro cute cyber daily dance danger danke dann dans dark dass dawn days dead deal dear death
december deep deer dein deine delta demain demon dentro depuis desde desert design desire después detail deux devil
diamond diary dich dick diese dieser dieu digital dinner dios dire dirt doch doctor does dogs doing dollar donc
donde done door double doubt down dragon draw dream drei dress drink drive drop drum durch dusk dust dónde each
eagle early earth east easy echo edge eight eine einen einer eins either electric elephant ella elle ellos else
email empty encore ende ending energy enfant engine enjoy enough enter entonces entre eres error erst esta este esto
está etwas euch even evening event ever every evil exact exit extra eyes face fact fail fair faire fairy fait faith
fake fall false family famous fancy farm fast father favorite fear feel feet fellow femme fever field fight file
fille film final find fine fire first fish five flag flame flash flat fleur flight floor flow flower focus fois fold
folk follow food fool foot force forest forever forget form found four frau free fresh freund friday friend frog
from front frost fruit frère fuego fuera full funny future galaxy game ganz garden gate gato gave geht genau general
gente gentle gerade gern ghost giant gibt gift girl give glad glass globe goal goat going gold golden gone good gott
grace gracias grand grande grass grave gray great green grey ground group grow groß guard guerra guess guest guide
guitar gute guten haben hace hacia hair half hall halt hand happy hard harry hasta hate haus have hawk head heal
hear heart heat heaven heavy hell hello help here hermano hermosa hero heute hier high hijo hill himself hola hold
hole holiday holy hombre home homme honest honey hope hora horse host hotel hour house however human hund hunter
hurt idea image immer iron island item jack jahr jamais january jazz jede jeder jelly jetzt join joke joker jour
judge juego juice july jump june jungle just kann katze keep keeper kein keine kept killer kind king kiss kitchen
kitten klein knife knight know komm lady lake lamp land lange large laser last late later laugh lava lead leader
leaf learn least leave leben left legend lemon less letter leur leute level liberty liebe life light like lily lime
line lion list listen little live lobo local lock loco logic lone long look lord lost lots loud love lover lower
luck lucky luna lunar lunch lune machine macht made madre magic magnet mail main mais maison make maker malo mama
mann mano many maple march mark market marry mask master match matter maybe mañana mean meet mehr mein meine mejor
melon member memory menos mente merci mercy message metal mich mieux might mike mild milk million mind mine minor
mint minute mirror mismo miss mist model modern moins moment mond monday monde money monkey monsieur monster month
mood moon more morning mort most mother motor mountain mouse mouth move movie much mucho muerte mujer mundo music
must mutter mystery mère nach nacht nada name nature near need negro neue never news next nice nicht nichts night
nine ninja niña niño nobody noch noche noir noise nombre none normal north nose nosotros note nothing nous november
nueve nuit number nunca nurse ocean october oder offer office often ohne oiseau okay once only open orange order
other otro ours over owner pack padre page paid pain paint pair paix palm panda paper para paradise parce park part
party past path peace peach pearl people pepper perfect pero perro person petit peut phoenix phone photo piano pick
picture piece pilot pine pink pirate pizza place plan planet plant play player please plus poco poet point poison
police pool poor porque port post pour pourquoi power present press pretty price pride prime primero prince princess
prison private problem promise proud puede pulse punk pure purple push père quand queen quel quelque question quick
quiero quiet quite rabbit race radio rain rainbow random raven reach read ready real reason rebel recht record reply
rest return rich ride rien right ring rise river road robin robot rock rocket rojo role room root rose rouge round
royal ruby rule runner sache safe said sail salt same sand sangre sans santo saturday save scar schon school science
score scout secret seed seem sehr sein seine seit selbst self send sense september sera serious seven shadow shall
shape share shark sharp sheep shell shine ship shoe shop short should show sich sick side siempre siete sight
silence silent silver simple since sind sing single sister size skill skin sleep slow small smart smile smoke smooth
snake snow sobre social soeur soft soir soldier soleil solo sombra some song sonne sont soon sorry soul sound soup
sous south space spark speak special speed spell spider spiel spirit spoon sport spot spring star start state stay
steam steel step stern still stone stop storm story strange stream street strong student stuff style such sugar suis
summer sunday sunny sunset super sure surf swan sweet swim table tage take talk tall también tango tanto tarde task
taste team tears tell temps terre test text than thank that their them then there these they thing think this those
though thought three thunder thursday ticket tiempo tierra tiger time tiny tired tisch titan today todo together
tomorrow tonight took toro total touch toujours tous tout toute tower town toxic trade train travel tree tres trick
tried trois trop true trust truth très tuesday turn turtle twelve twin type ugly uncle under unit unter until upon
used user using value vampire vater velvet vent verde vert very victory vida video viejo viel viento vier view
village ville violet viper virus vivir vogel voice voir vous vrai wait wald walk wall want warm warrior warum wash
wasser watch water wave weather wednesday week weil weiter well welt wenig wenn werden were west what wheel when
where which while white whole wieder wife wild will wind window wine wing winner winter wird wise wish witch with
wizard wolf woman wonder wood word work world worry wort worth would write wrong year yellow yesterday young your
youth zebra zeit zero zone zwei être über
"""
COMMON_WORDS = frozenset(_WORDS.split())
