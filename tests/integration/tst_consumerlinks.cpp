#include <QTest>

class TestConsumerLinks : public QObject
{
    Q_OBJECT
};

QTEST_GUILESS_MAIN(TestConsumerLinks)
#include "tst_consumerlinks.moc"
