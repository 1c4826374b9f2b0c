"""Macros and tags that an installation begins with. Data."""

from typing import Any

TAGS = ("bug", "complaint", "delivery", "feedback", "fraud", "refund", "vip", "warranty")

MACROS: tuple[dict[str, Any], ...] = (
    {
        "key": "greeting",
        "name": "Greeting",
        "texts": {
            "en": "Hello {buyer}, this is {operator} from {site}. I am looking at your matter now.",
            "es": "Hola, {buyer}: soy {operator}, de {site}. Estoy mirando tu caso ahora mismo.",
            "ru": "Здравствуйте, {buyer}! Это {operator}, {site}. Уже смотрю, что случилось.",
        },
        "actions": [],
    },
    {
        "key": "parcel-on-its-way",
        "name": "Parcel on its way",
        "texts": {
            "en": "The parcel of order {order} is on its way. If it has not arrived by the end of "
            "the delivery time, write here and we will open a case: you are protected.",
            "es": "El paquete del pedido {order} está en camino. Si no llega dentro del plazo de "
            "entrega, escríbenos aquí y abriremos un caso: estás protegido.",
            "ru": "Посылка по заказу {order} в пути. Если она не придёт до конца срока доставки, "
            "напишите сюда, и мы откроем спор: вы под защитой.",
        },
        "actions": [{"do": "tag", "tag": "delivery"}],
    },
    {
        "key": "ask-for-photo",
        "name": "Ask for a photo, come back tomorrow",
        "texts": {
            "en": "Could you send a photo that shows what is wrong with the goods? You can drop it "
            "right here. I will come back to you tomorrow in any case.",
            "es": "¿Puedes enviar una foto en la que se vea el problema? Puedes soltarla aquí "
            "mismo. En cualquier caso, te escribo mañana.",
            "ru": "Пришлите, пожалуйста, фото, на котором видно, что не так с товаром: его можно "
            "перетащить прямо сюда. В любом случае завтра я вам напишу.",
        },
        "actions": [{"do": "snooze", "minutes": 1440}],
    },
    {
        "key": "refund-started",
        "name": "Refund started",
        "texts": {
            "en": "The refund for order {order} has been started. Your bank usually needs 3 to 10 "
            "working days. You see its state in the order at any time.",
            "es": "El reembolso del pedido {order} está en marcha. El banco suele tardar de 3 a "
            "10 días hábiles. Puedes ver su estado en el pedido en cualquier momento.",
            "ru": "Возврат по заказу {order} запущен. Банку обычно нужно от 3 до 10 рабочих дней. "
            "Его состояние всегда видно в заказе.",
        },
        "actions": [{"do": "tag", "tag": "refund"}],
    },
    {
        "key": "settled",
        "name": "Settled, goodbye",
        "texts": {
            "en": "I am glad that this is settled, {buyer}. If anything comes up, write here: "
            "everything we have said stays in this conversation.",
            "es": "Me alegro de que esté resuelto, {buyer}. Si surge algo, escríbenos aquí: todo "
            "lo que hablamos queda en esta conversación.",
            "ru": "Рады, что всё решилось, {buyer}. Если что-то понадобится, пишите сюда: вся "
            "переписка остаётся в этом разговоре.",
        },
        "actions": [{"do": "resolve"}],
    },
    {
        "key": "suspected-fraud",
        "name": "Suspected fraud",
        "texts": {
            "en": "Thank you for telling us. Please do not pay outside {site} and share no codes. "
            "A colleague for safety of accounts goes on with this at once.",
            "es": "Gracias por avisarnos. No pagues fuera de {site} ni compartas códigos. Un "
            "compañero de seguridad se ocupa de esto ahora mismo.",
            "ru": "Спасибо, что сообщили. Не платите вне {site} и никому не называйте коды. "
            "Этим сразу займётся коллега из отдела безопасности.",
        },
        "actions": [{"do": "tag", "tag": "fraud"}, {"do": "priority", "priority": 1}],
    },
)
