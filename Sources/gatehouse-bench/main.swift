print(AllocationCount.works())
var b = AllocationCount.soFar()
var a: [Int] = []
for i in 0..<1000 { a.append(i) }
print(AllocationCount.soFar() - b, a.count)
