#include <QTest>

class TestOffsetsFaults : public QObject
{
    Q_OBJECT
};

QTEST_GUILESS_MAIN(TestOffsetsFaults)
#include "tst_offsetsfaults.moc"
